#pragma once

#include "exec/process/spawn.hpp"
#include "net/time_source.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// A control group of Linux that is ours alone: whoever was started in it stays in it, whatever
// session, parent or environment he takes, and so do all that he starts.
//
// Of the unified hierarchy (v2), or of the freezer of v1. A value: a name for what is in the
// kernel.
class control_group {
 public:
  explicit control_group(std::filesystem::path directory) : directory_(std::move(directory)) {}

  std::filesystem::path const& directory() const { return directory_; }

  error_code make() const;
  // Its directory, for a child that begins in it; none when that cannot be.
  owned_fd open() const;
  // Those that live, also in groups that they made inside.
  std::vector<int> members() const;
  bool contains(int pid) const;
  // SIGKILL to all of them, such that nobody gets away by forking: at one stroke where the kernel
  // can (v2, Linux 5.14), else while they are frozen.
  void kill() const;
  // With the groups inside; false while somebody lives in one. True also when it is not there.
  bool remove() const;

 private:
  std::filesystem::path directory_;
};

// Removes it: the kernel may take a moment longer than the end of the last member.
awaitable<bool> remove_soon(net::time_source& time, control_group group);

// The directories in which this process might make control groups, the best first: its own group in
// the unified hierarchy, then its own freezer. From the texts of /proc/self/cgroup and
// /proc/self/mountinfo.
std::vector<std::filesystem::path> control_group_places(std::string_view groups,
                                                        std::string_view mounts);

// The first of these where we are allowed to: as root, or in a part that was delegated to us
// (systemd: `Delegate=yes`). None on many machines.
std::optional<std::filesystem::path> find_control_group_place();

// The group of all that carries the mark. Its name tells that it is ours.
control_group control_group_of(std::filesystem::path const& place, std::string const& mark);
bool is_name_of_ours(std::filesystem::path const& directory);

}  // namespace corunner::exec
