#include "runner/coordinator/git/bare_repository.hpp"
#include "runner/coordinator/snapshot.hpp"

#include <fmt/format.h>

namespace corunner::coordinator {

std::string publish_snapshot(snapshot const& what, std::int64_t pipeline_id, bool durable) try {
  // Branches and tags are the user's of now; the commits of earlier pipelines stay.
  auto refs = read_refs(what.git_dir);
  std::erase_if(refs, [](auto const& ref) { return !ref.first.starts_with("refs/pipelines/"); });
  for (auto const& line : what.refs) {
    auto const space = line.find(' ');
    refs[line.substr(space + 1)] = line.substr(0, space);
  }
  refs[fmt::format("refs/{}/{}", what.tag ? "tags" : "heads", what.ref)] = what.sha;
  refs[fmt::format("refs/pipelines/{}", pipeline_id)] = what.sha;
  auto const head = "refs/heads/" + what.default_branch;
  for (auto const& [name, sha] : refs) {
    if (!is_ref_name(name)) {
      return fmt::format("cannot publish the commit: '{}' is no name for it", name);
    }
  }
  if (!is_ref_name(head)) {
    return fmt::format("cannot name the default branch '{}'", what.default_branch);
  }
  write_refs(what.git_dir, refs, head, durable);
  return {};
} catch (std::filesystem::filesystem_error const& failed) {
  return fmt::format("cannot publish the commit: {}", failed.what());
}

}  // namespace corunner::coordinator
