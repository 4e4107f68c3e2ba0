#include "test/system/support/leftovers.hpp"

#include "exec/process/control_group.hpp"
#include "test/system/support/files.hpp"

#include <fmt/format.h>

namespace corunner::test {

namespace fs = std::filesystem;

std::vector<fs::path> files_with_secrets(world const& where,
                                         std::vector<std::string> const& secrets) {
  std::vector<fs::path> found;
  for (auto const* below : {"builds", "tmp", "cache", "work", "home", "state-of-run"}) {
    if (!fs::exists(where.path(below))) continue;
    for (auto const& text : secrets) {
      for (auto& file : files_with(where.path(below), text)) found.push_back(std::move(file));
    }
  }
  return found;
}

std::vector<fs::path> locks_in_builds(world const& where) {
  std::vector<fs::path> found;
  std::error_code ec;
  for (auto const& each : fs::recursive_directory_iterator(where.path("builds"), ec)) {
    if (each.path().extension() == ".lock") found.push_back(each.path());
  }
  return found;
}

std::vector<fs::path> control_groups_of(std::int64_t job) {
  std::vector<fs::path> found;
  auto const skips = fs::directory_options::skip_permission_denied;
  for (auto const& root :
       {fs::path("/sys/fs/cgroup"), exec::find_control_group_place().value_or("/nowhere")}) {
    std::error_code ec;
    for (fs::recursive_directory_iterator at(root, skips, ec), end; !ec && at != end;
         at.increment(ec)) {
      auto const name = at->path().filename().string();
      if (name.starts_with(fmt::format("corunner-{}-", job))) found.push_back(at->path());
    }
  }
  return found;
}

}  // namespace corunner::test
