#include "exec/process/posix_launcher.hpp"

#include "exec/process/posix_process.hpp"
#include "exec/process/strays.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>

#include <unistd.h>

#include <csignal>
#include <set>
#include <utility>

namespace corunner::exec {
namespace {

bool carries_a_mark(int pid) { return has_in_environment(pid, mark_variable); }

}  // namespace

struct posix_launcher::state {
  asio::any_io_executor executor;
  net::time_source& time;
  options how;
  // Whoever becomes our child was started by us or by what we started.
  bool adopts_only_our_own = false;
  std::shared_ptr<process_registry> registry = std::make_shared<process_registry>();
  std::set<std::string> marks;  // launched with, and their strays not ended since
  std::optional<std::optional<std::filesystem::path>> place;
  std::vector<control_group> unremoved;  // empty, but the kernel was not done with them yet

  std::optional<std::filesystem::path> const& find_place() {
    if (!place) place = how.find_place();
    return *place;
  }
  std::optional<control_group> group_of(std::string const& mark) {
    if (!find_place()) return std::nullopt;
    return control_group_of(*find_place(), mark);
  }
  // A job runs without a group where none can be made.
  owned_fd door_of(std::string const& mark) {
    auto const group = group_of(mark);
    if (!group || group->make()) return {};
    return group->open();
  }
};

// Finds what processes of one mark left behind.
class posix_launcher::stray_finder {
 public:
  stray_finder(state& all, std::string const& mark)
      : all_(all), mark_(mark), group_(all.group_of(mark)) {}

  // Every dead one that we adopted is reaped on the way. It may have had a child that came to us
  // while we looked, so that nobody is there only when nobody was reaped either.
  std::vector<int> find() {
    constexpr int most_looks = 100;
    for (int looks = 0; looks != most_looks && find_children() != 0 && children_.empty(); ++looks) {
    }
    auto& registry = *all_.registry;
    auto found = children_;
    if (group_) {
      for (int const pid : group_->members()) {
        if (!registry.is_ours(pid)) found.insert(pid);
      }
    }
    return {found.begin(), found.end()};
  }

  // A child's number is its own until we reap it, which find() does.
  bool is_one(int pid) const {
    return children_.contains(pid) || (group_ && group_->contains(pid));
  }

  void kill_all() const {
    if (group_) group_->kill();
  }

  awaitable<void> remove_group() {
    if (!group_) co_return;
    bool const removed = co_await remove_soon(all_.time, *group_);
    if (!removed) all_.unremoved.push_back(*group_);
  }

 private:
  // Returns how many it reaped.
  int find_children() {
    children_.clear();
    int reaped = 0;
    for (int const pid : children_of_ours()) {
      if (all_.registry->is_ours(pid)) continue;
      if (reap(pid)) {
        ++reaped;
      } else if (is_stray(pid)) {
        children_.insert(pid);
      }
    }
    return reaped;
  }

  bool is_stray(int pid) const {
    if (all_.registry->is_group_of(mark_, ::getpgid(pid))) return true;
    if (has_in_environment(pid, mark_variable, mark_)) return true;
    return all_.adopts_only_our_own && is_last_mark() && !carries_a_mark(pid);
  }
  bool is_last_mark() const {
    return all_.marks.empty() || (all_.marks.size() == 1 && all_.marks.contains(mark_));
  }

  state& all_;
  std::string mark_;
  std::optional<control_group> group_;
  std::set<int> children_;
};

posix_launcher::posix_launcher(asio::any_io_executor executor, net::time_source& time)
    : posix_launcher(std::move(executor), time, options{}) {}

posix_launcher::posix_launcher(asio::any_io_executor executor, net::time_source& time, options how)
    : state_(new state{.executor = std::move(executor), .time = time, .how = std::move(how)}) {
  become_reaper();
  // A program that was started before us, by the shell that became us for instance, has children
  // too.
  state_->adopts_only_our_own = ::getpid() != 1 && children_of_ours().empty();
}

posix_launcher::~posix_launcher() {
  for (auto const& mark : state_->marks) {
    if (auto const group = state_->group_of(mark)) group->remove();
  }
  for (auto const& group : state_->unremoved) group.remove();
}

result<std::unique_ptr<process>> posix_launcher::launch(process_options const& how) {
  state_->registry->reap_abandoned();
  std::erase_if(state_->unremoved, [](control_group const& group) { return group.remove(); });
  owned_fd door;
  if (!how.mark.empty()) {
    state_->marks.insert(how.mark);
    door = state_->door_of(how.mark);
  }
  auto child = spawn(how, mark_variable, std::move(door));
  if (child.has_error()) return child.error();
  return std::unique_ptr<process>(std::make_unique<posix_process>(
      state_->executor, std::move(*child), how.mark, state_->registry));
}

std::vector<leftover> posix_launcher::leftovers_of(std::string const& mark) {
  auto all = process_launcher::leftovers_of(mark);
  if (auto const group = state_->group_of(mark)) {
    all.push_back({leftover::kind::control_group, group->directory().string()});
  }
  return all;
}

awaitable<std::size_t> posix_launcher::end_strays(std::string mark) {
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  state_->registry->reap_abandoned();
  stray_finder finder(*state_, mark);
  strays who;
  who.find = [&finder]() -> awaitable<std::vector<int>> { co_return finder.find(); };
  who.is_one = [&finder](int pid) { return finder.is_one(pid); };
  who.kill_all = [&finder] { finder.kill_all(); };
  auto hunt = end_all(state_->time, std::move(who), state_->how.strays);
  auto const met = co_await std::move(hunt);
  state_->registry->forget_groups(mark);
  co_await finder.remove_group();
  state_->marks.erase(mark);
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return met;
}

std::optional<std::filesystem::path> const& posix_launcher::control_groups() {
  return state_->find_place();
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
