#include "exec/process/posix_process.hpp"
#include "exec/process/strays.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace corunner::exec {

void process_registry::started(int pid, std::string const& mark) {
  ours_.insert(pid);
  if (!mark.empty()) groups_[mark].push_back({pid, false});
}

void process_registry::release(int pid, std::string const& mark) {
  ours_.erase(pid);
  auto const of_mark = groups_.find(mark);
  if (of_mark == groups_.end()) return;
  std::erase_if(of_mark->second, [&](leader const& one) { return one.pid == pid; });
  if (of_mark->second.empty()) groups_.erase(of_mark);
}

void process_registry::ended(int pid, std::string const& mark) {
  if (!mark.empty() && has_members(pid)) {
    auto& leaders = groups_[mark];
    auto const self = std::ranges::find(leaders, pid, &leader::pid);
    if (self != leaders.end()) self->kept = true;
    return;
  }
  reap(pid);
  release(pid, mark);
}

void process_registry::abandoned(int pid, std::string const& mark) {
  // Stays one of ours until it is reaped.
  abandoned_.push_back(pid);
  release(pid, mark);
  ours_.insert(pid);
}

bool process_registry::is_group_of(std::string const& mark, int group) const {
  auto const of_mark = groups_.find(mark);
  if (of_mark == groups_.end()) return false;
  return std::ranges::find(of_mark->second, group, &leader::pid) != of_mark->second.end();
}

// Members whose parent has ended are our children; those whose parent lives are found by it.
bool process_registry::has_members(int group) const {
  return std::ranges::any_of(children_of_ours(), [&](int pid) {
    return !is_ours(pid) && ::getpgid(pid) == group;
  });
}

void process_registry::forget_groups(std::string const& mark) {
  auto const of_mark = groups_.find(mark);
  if (of_mark == groups_.end()) return;
  std::erase_if(of_mark->second, [&](leader const& one) {
    if (!one.kept) return false;
    reap(one.pid);
    ours_.erase(one.pid);
    return true;
  });
  if (of_mark->second.empty()) groups_.erase(of_mark);
}

void process_registry::reap_abandoned() {
  std::erase_if(abandoned_, [&](int pid) {
    if (!reap(pid)) return false;
    ours_.erase(pid);
    return true;
  });
}

std::unique_ptr<char[]> process_registry::take_buffer() {
  if (buffers_.empty()) return std::make_unique_for_overwrite<char[]>(buffer_size);
  auto buffer = std::move(buffers_.back());
  buffers_.pop_back();
  return buffer;
}

void process_registry::give_back(std::unique_ptr<char[]> buffer) {
  if (buffers_.size() < 2) buffers_.push_back(std::move(buffer));
}

}  // namespace corunner::exec
