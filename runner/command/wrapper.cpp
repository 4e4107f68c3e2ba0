// `wrapper -- run ...`: starts this program once more, with the arguments, and serves a supervisor
// who asks how that process is and asks for its end (cli.md 10, protocol.md 7.13).

#include "exec/process/posix_launcher.hpp"
#include "net/event.hpp"
#include "net/grpc/server.hpp"
#include "net/http2/server.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/stop_signals.hpp"
#include "runner/gitlab/runner_info.hpp"
#include "runner/wrapper/control_address.hpp"
#include "runner/wrapper/control_service.hpp"
#include "runner/wrapper/process_wrapper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace corunner {

namespace {

using namespace std::chrono_literals;

// What calls that are under way get when the wrapper ends.
constexpr auto time_to_answer = 1s;

class wrapper_command final : public command {
 public:
  explicit wrapper_command(services& all) : all_(all) {}

  std::vector<flag> flags() override {
    return {
        {"grpc-listen", &listen_, "where supervisors connect: tcp://HOST:PORT or unix:///PATH", ""},
        {"process-termination-timeout", &patience_,
         "for the process to end when the wrapper is stopped", ""},
    };
  }

  awaitable<int> run(std::vector<std::string> arguments) override {
    all_.log_output.set_prefix("[WRAPPER] ");
    auto const log = all_.log.with({{"wrapper", true}});
    auto const server_log = log.with({{"grpc-listen-addr", listen_}});
    std::error_code unknown;
    auto const program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (unknown) {
      log.fatal("Failed to get executable path", {{"error", unknown.message()}});
      co_return 1;
    }
    auto listener = open();
    if (!listener) {
      server_log.fatal("Failed to create listener", {{"error", listener.error().message}});
      co_return 1;
    }
    arguments.insert(arguments.begin(), program.string());
    process_wrapper::options how{std::move(arguments), patience_};
    co_return co_await serve(**listener, std::move(how), log, server_log);
  }

 private:
  config::outcome<std::unique_ptr<net::listener>> open() {
    auto const where = parse_control_address(listen_);
    if (!where) return where.error();
    return listen_for_control(all_.io.get_executor(), *where);
  }

  awaitable<int> serve(net::listener& listener, process_wrapper::options how, logger log,
                       logger server_log) {
    auto const executor = all_.io.get_executor();
    exec::posix_launcher launcher(executor, all_.time);
    net::http_client callbacks(all_.connections, all_.time,
                               {.user_agent = gitlab::user_agent(),
                                .proxies = net::read_proxy_environment(all_.variables)});
    process_wrapper wrapped(executor, all_.time, launcher, callbacks, log, std::move(how));
    control_service control(wrapped, server_log);
    net::grpc_server calls(all_.time);
    control.add_to(calls);
    net::http2_server server(
        executor, all_.time,
        [&calls](net::http2_request request) { return calls.handle(std::move(request)); },
        {.each = {.body = 80 * 1024}, .connections = 64});
    server.failed = [&server_log](std::string const& text) { server_log.error(text); };

    net::event stop(executor);
    net::task_group duties(executor);
    duties.spawn(launcher.reap_adopted());
    duties.spawn(watch_signals(wrapped, stop));
    server_log.info("Starting wrapper GRPC Server");
    duties.spawn(server.serve(listener));

    auto const end = co_await wrapped.run(stop);
    server_log.info("Shutting down wrapper GRPC Server");
    server.stop();
    co_await server.drain(time_to_answer);
    listener.close();
    duties.cancel();
    co_await duties.join();
    // A process that is slow to end was told to, and is let finish: it would be killed with its
    // owner.
    if (end != wrapper_end::finished) std::_Exit(EXIT_FAILURE);
    log.info("All wrapper tasks finished. See you!");
    co_return 0;
  }

  // Our own end is asked for by INT, TERM and QUIT; HUP (read your configuration again) is for the
  // process.
  awaitable<void> watch_signals(process_wrapper& wrapped, net::event& stop) {
    asio::signal_set signals(all_.io, SIGINT, SIGTERM, SIGQUIT);
    signals.add(SIGHUP);
    open_stop_signals();
    while (true) {
      auto const [ec, signal] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
      if (ec) co_return;
      if (signal == SIGHUP) wrapped.pass_on(signal);
      else stop.set();
    }
  }

  services& all_;
  std::string listen_ = "tcp://localhost:7777";
  config::duration patience_ = 10s;
};

}  // namespace

std::unique_ptr<command> make_wrapper(services& all) {
  return std::make_unique<wrapper_command>(all);
}

}  // namespace corunner
