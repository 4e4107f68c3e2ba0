#include "exec/process/orphans.hpp"

#include "exec/process/posix_launcher.hpp"
#include "exec/process/strays.hpp"

#include <algorithm>
#include <csignal>
#include <set>
#include <utility>

#include <sys/syscall.h>
#include <unistd.h>

namespace corunner::exec {

namespace {

using namespace std::chrono_literals;

constexpr auto terminate_patience = 2s;
constexpr auto kill_patience = 5s;
constexpr auto look_interval = 50ms;

// By a descriptor, so that a process that takes over the number meanwhile is not meant.
bool signal_marked(int pid, std::string const& mark, int signal) {
  auto const descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) return false;
  bool const marked = has_in_environment(pid, mark_variable, mark);
  if (marked) {
    ::syscall(SYS_pidfd_send_signal, descriptor, signal, nullptr, 0);
    // A stopped process sees SIGTERM only when it goes on.
    if (signal != SIGKILL) ::syscall(SYS_pidfd_send_signal, descriptor, SIGCONT, nullptr, 0);
  }
  ::close(descriptor);
  return marked;
}

// Signals those that have not had this signal yet; returns how many live.
std::size_t look(std::string const& mark, int signal, std::set<int>& signalled) {
  std::size_t found = 0;
  for (int const pid : processes_with(mark_variable, mark)) {
    ++found;
    if (!signalled.contains(pid) && signal_marked(pid, mark, signal)) signalled.insert(pid);
  }
  return found;
}

}  // namespace

awaitable<std::size_t> end_orphans(net::time_source& time, net::blocking_pool& pool,
                                   std::string mark) {
  std::size_t total = 0;
  for (auto const& [signal, patience] :
       {std::pair<int, std::chrono::seconds>(SIGTERM, terminate_patience),
        std::pair<int, std::chrono::seconds>(SIGKILL, kill_patience)}) {
    std::set<int> signalled;
    auto const deadline = time.now() + patience;
    while (time.now() < deadline) {
      auto work = [&mark, which = signal, &signalled] { return look(mark, which, signalled); };
      auto const living = co_await net::on_pool(pool, std::move(work));
      total = std::max(total, signalled.size());
      if (living == 0) co_return total;
      if (co_await time.sleep_for(look_interval)) co_return total;
    }
  }
  co_return total;
}

}  // namespace corunner::exec
