#include "runner/command/stop_watch.hpp"

#include "runner/command/stop_signals.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdlib>

namespace corunner {

namespace {

char const* go_name(int signal) {
  switch (signal) {
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    default:
      return "terminated";
  }
}

}  // namespace

awaitable<void> watch_stop_signals(services& all, manager& what, stop_watch tell) {
  asio::signal_set signals(all.io, SIGINT, SIGTERM, SIGQUIT);
  signals.add(SIGHUP);
  open_stop_signals();
  bool graceful = false;
  bool forceful = false;
  while (true) {
    auto [ec, signal] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    if (signal == SIGHUP) {
      if (graceful || forceful) continue;
      if (tell.reload) {
        tell.reload();
      } else {
        all.log.warning("this command does not reload its configuration, ignoring the signal");
      }
      continue;
    }
    if (forceful) {
      // Asked twice: whoever asks does not want to wait for anything any more.
      all.log.warning("Received second signal, quitting at once", {{"signal", go_name(signal)}});
      std::_Exit(EXIT_FAILURE);
    }
    if (tell.first && !graceful) tell.first(signal);
    if (signal == SIGQUIT) {
      if (graceful) continue;
      graceful = true;
      all.log.info("Requested quit, waiting for builds to finish",
                   {{"builds", what.running_jobs()}});
      what.stop_gracefully();
      continue;
    }
    forceful = true;
    all.log.warning("Starting forceful shutdown",
                    {{"signal", go_name(signal)}, {"builds", what.running_jobs()}});
    what.stop_forcefully(go_name(signal));
  }
}

}  // namespace corunner
