#include "exec/process/exit_status.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <string_view>
#include <utility>

namespace corunner::exec {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 15> signal_names{
    {{SIGHUP, "hangup"},
     {SIGINT, "interrupt"},
     {SIGQUIT, "quit"},
     {SIGILL, "illegal instruction"},
     {SIGTRAP, "trace/breakpoint trap"},
     {SIGABRT, "aborted"},
     {SIGBUS, "bus error"},
     {SIGFPE, "floating point exception"},
     {SIGKILL, "killed"},
     {SIGUSR1, "user defined signal 1"},
     {SIGSEGV, "segmentation fault"},
     {SIGUSR2, "user defined signal 2"},
     {SIGPIPE, "broken pipe"},
     {SIGALRM, "alarm clock"},
     {SIGTERM, "terminated"}}};

}  // namespace

std::string signal_name(int signal) {
  for (auto const& [number, name] : signal_names) {
    if (number == signal) return std::string(name);
  }
  return fmt::format("signal {}", signal);
}

std::string describe(exit_status const& how) {
  if (how.signal == 0) return fmt::format("exit status {}", how.exit_code);
  return fmt::format("signal: {}{}", signal_name(how.signal),
                     how.core_dumped ? " (core dumped)" : "");
}

}  // namespace corunner::exec
