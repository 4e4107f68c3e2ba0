#include "exec/process/control_group.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>

namespace corunner::exec {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_begin = "corunner-";

std::vector<int> numbers_in(fs::path const& file) {
  std::ifstream in(file);
  std::vector<int> found;
  // 0 is a process that our own namespace has no number for.
  for (int pid = 0; in >> pid;) {
    if (pid > 0) found.push_back(pid);
  }
  return found;
}

// The group and all inside, inner ones first.
std::vector<fs::path> with_inner(fs::path const& directory) {
  std::vector<fs::path> all{directory};
  std::error_code ec;
  for (fs::recursive_directory_iterator at(directory, ec), end; !ec && at != end;
       at.increment(ec)) {
    if (std::error_code ignored; at->is_directory(ignored)) all.push_back(at->path());
  }
  std::ranges::reverse(all);
  return all;
}

bool write_word(fs::path const& file, std::string_view word) {
  owned_fd const to(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return to && ::write(to.get(), word.data(), word.size()) == static_cast<ssize_t>(word.size());
}

void freeze(fs::path const& group, bool on) {
  if (write_word(group / "cgroup.freeze", on ? "1" : "0")) return;
  write_word(group / "freezer.state", on ? "FROZEN" : "THAWED");
}

}  // namespace

error_code control_group::make() const {
  if (::mkdir(directory_.c_str(), 0755) == 0 || errno == EEXIST) return {};
  return {errno, boost::system::system_category()};
}

owned_fd control_group::open() const {
  return owned_fd(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::vector<int> control_group::members() const {
  std::vector<int> found;
  for (auto const& group : with_inner(directory_)) {
    std::ranges::copy(numbers_in(group / "cgroup.procs"), std::back_inserter(found));
  }
  return found;
}

bool control_group::contains(int pid) const {
  auto const all = members();
  return std::ranges::find(all, pid) != all.end();
}

void control_group::kill() const {
  if (write_word(directory_ / "cgroup.kill", "1")) return;
  freeze(directory_, true);
  // Who is frozen cannot end, so that no number passes to somebody else.
  for (int const pid : members()) ::kill(pid, SIGKILL);
  freeze(directory_, false);
}

bool control_group::remove() const {
  for (auto const& group : with_inner(directory_)) {
    if (::rmdir(group.c_str()) != 0 && errno != ENOENT) return false;
  }
  return true;
}

awaitable<bool> remove_soon(net::time_source& time, control_group group) {
  constexpr auto pause = std::chrono::milliseconds(20);
  for (int tries = 10; tries > 0; --tries) {
    if (group.remove()) co_return true;
    if (!group.members().empty()) co_return false;
    co_await time.sleep_for(pause);
  }
  co_return false;
}

control_group control_group_of(fs::path const& place, std::string const& mark) {
  return control_group(place / std::string(name_begin).append(mark));
}

bool is_name_of_ours(fs::path const& directory) {
  return directory.is_absolute() && directory.filename().string().starts_with(name_begin);
}

}  // namespace corunner::exec
