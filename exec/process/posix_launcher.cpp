#include "exec/process/posix_launcher.hpp"

#include "exec/process/posix_process.hpp"
#include "exec/process/strays.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <utility>

namespace corunner::exec {
namespace {

// Until `pid`, a child of ours, has ended.
awaitable<error_code> gone(int pid) {
  owned_fd end(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!end) co_return error_code(errno, boost::system::system_category());
  asio::posix::stream_descriptor waiting(co_await asio::this_coro::executor, end.release());
  auto const [ec] = co_await waiting.async_wait(asio::posix::stream_descriptor::wait_read,
                                                asio::as_tuple(asio::use_awaitable));
  co_return ec;
}

// The strays of `mark` that live; every dead one that we adopted is reaped on the way.
std::vector<int> find_strays(process_registry& registry, std::string const& mark) {
  std::vector<int> found;
  for (int const pid : children_of_ours()) {
    if (registry.is_ours(pid) || reap(pid)) continue;
    bool const is_in_group = registry.is_group_of(mark, ::getpgid(pid));
    if (is_in_group || has_in_environment(pid, mark_variable, mark)) found.push_back(pid);
  }
  return found;
}

}  // namespace

struct posix_launcher::state {
  asio::any_io_executor executor;
  net::time_source& time;
  options how;
  std::shared_ptr<process_registry> registry = std::make_shared<process_registry>();
};

posix_launcher::posix_launcher(asio::any_io_executor executor, net::time_source& time)
    : posix_launcher(std::move(executor), time, options{}) {}

posix_launcher::posix_launcher(asio::any_io_executor executor, net::time_source& time, options how)
    : state_(std::make_unique<state>(state{std::move(executor), time, how})) {
  become_reaper();
}

posix_launcher::~posix_launcher() = default;

result<std::unique_ptr<process>> posix_launcher::launch(process_options const& how) {
  state_->registry->reap_abandoned();
  auto child = spawn(how, mark_variable);
  if (child.has_error()) return child.error();
  return std::unique_ptr<process>(std::make_unique<posix_process>(
      state_->executor, std::move(*child), how.mark, state_->registry));
}

awaitable<std::size_t> posix_launcher::end_strays(std::string mark) {
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto& registry = *state_->registry;
  registry.reap_abandoned();
  std::set<int> signalled;
  std::size_t total = 0;
  int signal = SIGTERM;
  auto deadline = state_->time.now() + state_->how.stray_terminate;
  while (true) {
    auto const strays = find_strays(registry, mark);
    if (strays.empty()) break;
    if (state_->time.now() >= deadline) {
      if (signal == SIGKILL) break;  // nothing helps against those
      signal = SIGKILL;
      signalled.clear();
      deadline = state_->time.now() + state_->how.stray_kill;
    }
    for (int const pid : strays) {
      if (!signalled.insert(pid).second) continue;
      // Our own child that nobody else reaps: the number cannot have changed hands.
      ::kill(pid, signal);
      if (signal == SIGKILL) continue;
      ::kill(pid, SIGCONT);  // a stopped process sees SIGTERM only when it goes on
      ++total;
    }
    auto end = gone(strays.front());
    co_await net::with_timeout(state_->time, deadline - state_->time.now(), std::move(end));
  }
  registry.forget_groups(mark);
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return total;
}

awaitable<void> posix_launcher::reap_adopted() {
  // Children of ours end all the time while jobs run: one look for many of them.
  constexpr auto pause = std::chrono::seconds(1);
  asio::signal_set ended(state_->executor);
  // Restarting: no thread of ours has to expect an interrupted system call.
  ended.add(SIGCHLD, asio::signal_set::flags::restart | asio::signal_set::flags::no_child_stop);
  while (true) {
    for (int const pid : children_of_ours()) {
      if (!state_->registry->is_ours(pid)) reap(pid);
    }
    auto const [ec, signal] = co_await ended.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec || co_await state_->time.sleep_for(pause)) co_return;
  }
}

}  // namespace corunner::exec
