#include "exec/process/stray_hunt.hpp"

#include "exec/process/spawn.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <set>
#include <utility>

namespace corunner::exec {
namespace {

using time_point = net::time_source::time_point;

// When a process cannot be watched (no descriptor is free).
constexpr auto look_again = std::chrono::milliseconds(50);

owned_fd open_process(int pid) {
  return owned_fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

void send(owned_fd const& process, int signal) {
  ::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0);
}

awaitable<error_code> ended(owned_fd process) {
  asio::posix::stream_descriptor waiting(co_await asio::this_coro::executor, process.release());
  auto const [ec] = co_await waiting.async_wait(asio::posix::stream_descriptor::wait_read,
                                                asio::as_tuple(asio::use_awaitable));
  co_return ec;
}

class hunt {
 public:
  hunt(net::time_source& time, strays who) : time_(time), who_(std::move(who)) {}

  std::size_t met() const { return met_.size(); }

  // True when nobody is left.
  awaitable<bool> pass(int signal, time_point deadline) {
    std::set<int> signalled;
    while (true) {
      auto search = who_.find();
      auto const living = co_await std::move(search);
      if (living.empty()) co_return true;
      if (time_.now() >= deadline) co_return false;
      if (signal == SIGKILL && who_.kill_all) who_.kill_all();
      for (int const pid : living) {
        if (!signalled.contains(pid) && reach(pid, signal)) signalled.insert(pid);
      }
      co_await wait_for(living.front(), deadline);
    }
  }

 private:
  // By a descriptor, so that a process that takes over the number meanwhile is not meant.
  bool reach(int pid, int signal) {
    auto const process = open_process(pid);
    if (!process || !who_.is_one(pid)) return false;
    met_.insert(pid);
    send(process, signal);
    // A stopped process sees SIGTERM only when it goes on.
    if (signal != SIGKILL) send(process, SIGCONT);
    return true;
  }

  awaitable<void> wait_for(int pid, time_point deadline) {
    auto process = open_process(pid);
    if (!process && errno == ESRCH) co_return;
    if (!process) {
      co_await time_.sleep_for(look_again);
      co_return;
    }
    auto end = ended(std::move(process));
    co_await net::with_timeout(time_, deadline - time_.now(), std::move(end));
  }

  net::time_source& time_;
  strays who_;
  std::set<int> met_;
};

}  // namespace

awaitable<std::size_t> end_all(net::time_source& time, strays who, stray_patience how) {
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  hunt one(time, std::move(who));
  bool const gone = co_await one.pass(SIGTERM, time.now() + how.terminate);
  if (!gone) co_await one.pass(SIGKILL, time.now() + how.kill);
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return one.met();
}

}  // namespace corunner::exec
