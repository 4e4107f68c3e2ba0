#include "runner/command/stop_signals.hpp"

#include <pthread.h>

#include <csignal>

namespace corunner {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (int const each : {SIGINT, SIGTERM, SIGQUIT, SIGHUP}) ::sigaddset(&set, each);
  return set;
}

}  // namespace

void block_stop_signals() {
  auto const set = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void open_stop_signals() {
  auto const set = stop_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace corunner
