#include "exec/process/control_group.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace corunner::exec {
namespace {

namespace fs = std::filesystem;

// One line of /proc/self/mountinfo (proc_pid_mountinfo(5)), as far as it matters here.
struct mount {
  std::string root;     // what of the file system is seen
  std::string point;    // where
  std::string type;     // cgroup2, cgroup
  std::string options;  // of the file system: the controllers of a v1 hierarchy
};

// "36 35 98:0 /root /point rw,noatime master:1 ... - type source options"
mount parse_mount(std::string const& line) {
  mount found;
  std::istringstream words(line);
  std::string word;
  words >> word >> word >> word >> found.root >> found.point;
  while (words >> word && word != "-") {
  }
  words >> found.type >> word >> found.options;
  return found;
}

bool has_word(std::string const& list, std::string_view wanted) {
  std::istringstream words(list);
  for (std::string word; std::getline(words, word, ',');) {
    if (word == wanted) return true;
  }
  return false;
}

// Our group in the hierarchy: "0::/path" (v2) or "6:cpu,freezer:/path".
std::string group_in(std::string_view groups, std::string_view controller) {
  std::istringstream lines{std::string(groups)};
  for (std::string line; std::getline(lines, line);) {
    auto const first = line.find(':');
    auto const second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    auto const controllers = line.substr(first + 1, second - first - 1);
    bool const is_unified = controllers.empty() && line.starts_with("0:");
    if (controller.empty() ? is_unified : has_word(controllers, controller)) {
      return line.substr(second + 1);
    }
  }
  return {};
}

// Where the group is seen, when the mount shows it.
std::optional<fs::path> seen_at(mount const& where, std::string group) {
  bool const outside = group.empty() || group.front() != '/' || group.starts_with("/..");
  if (outside) return std::nullopt;
  if (where.root != "/") {
    bool const within = group == where.root || group.starts_with(where.root + "/");
    if (!within) return std::nullopt;
    group.erase(0, where.root.size());
  }
  auto const below = fs::path(group).relative_path();
  return below.empty() ? fs::path(where.point) : fs::path(where.point) / below;
}

std::string contents(char const* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool may_make_groups(fs::path const& place) {
  // Entering a group asks for the right to write the members of what is above it, too.
  return ::access(place.c_str(), W_OK) == 0 &&
         ::access((place / "cgroup.procs").c_str(), W_OK) == 0;
}

}  // namespace

std::vector<fs::path> control_group_places(std::string_view groups, std::string_view mounts) {
  std::vector<fs::path> unified;
  std::vector<fs::path> freezers;
  std::istringstream lines{std::string(mounts)};
  for (std::string line; std::getline(lines, line);) {
    auto const one = parse_mount(line);
    if (one.type == "cgroup2") {
      if (auto const at = seen_at(one, group_in(groups, ""))) unified.push_back(*at);
    } else if (one.type == "cgroup" && has_word(one.options, "freezer")) {
      if (auto const at = seen_at(one, group_in(groups, "freezer"))) freezers.push_back(*at);
    }
  }
  unified.insert(unified.end(), freezers.begin(), freezers.end());
  return unified;
}

std::optional<fs::path> find_control_group_place() {
  for (auto const& place : control_group_places(contents("/proc/self/cgroup"),
                                                contents("/proc/self/mountinfo"))) {
    if (may_make_groups(place)) return place;
  }
  return std::nullopt;
}

}  // namespace corunner::exec
