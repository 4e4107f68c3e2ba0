#include "runner/coordinator/snapshot.hpp"

#include <fmt/format.h>

#include <map>

namespace corunner::coordinator {

awaitable<std::string> publish_snapshot(git with, snapshot const& what, std::int64_t pipeline_id) {
  std::map<std::string, std::string> wanted;
  for (auto const& line : what.refs) {
    auto const space = line.find(' ');
    wanted[line.substr(space + 1)] = line.substr(0, space);
  }
  wanted[fmt::format("refs/{}/{}", what.tag ? "tags" : "heads", what.ref)] = what.sha;
  wanted[fmt::format("refs/pipelines/{}", pipeline_id)] = what.sha;

  // A branch that is gone may stand in the way of one whose name goes on from there.
  auto const known = co_await with.run_in(
      what.git_dir, {"for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags"});
  git_call removals;
  removals.arguments = {"--git-dir=" + what.git_dir.string(), "update-ref", "--stdin"};
  git_call updates = removals;
  removals.input.emplace();
  updates.input.emplace();
  for (auto const& name : lines_of(known.out)) {
    if (!wanted.contains(name)) *removals.input += fmt::format("delete {}\n", name);
  }
  for (auto const& [name, sha] : wanted) *updates.input += fmt::format("update {} {}\n", name, sha);
  if (!removals.input->empty()) {
    auto const removed = co_await with.run(std::move(removals));
    if (!removed.ok()) co_return message_of("remove old branches", removed);
  }
  auto const ended = co_await with.run(std::move(updates));
  if (!ended.ok()) co_return message_of("publish the commit", ended);
  auto const head = co_await with.run_in(
      what.git_dir, {"symbolic-ref", "HEAD", "refs/heads/" + what.default_branch});
  co_return head.ok() ? std::string() : message_of("name the default branch", head);
}

}  // namespace corunner::coordinator
