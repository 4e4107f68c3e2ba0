#include "runner/coordinator/git/repository_facts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::coordinator {

namespace {

void take_places(repository_facts& facts, git_result const& ended) {
  facts.no_repository = !ended.ok();
  if (facts.no_repository) return;
  auto const lines = lines_of(ended.out);
  if (lines.size() != 5) throw git_failure("the path of the repository holds a line break");
  facts.top = lines[0];
  facts.objects = lines[1];
  facts.shallow = lines[2];
  facts.index = lines[3];
  facts.format = lines[4];
}

// "key LF value NUL" each, the one that counts last.
void take_settings(repository_facts& facts, git_result const& ended) {
  std::string_view left = ended.out;
  while (!left.empty()) {
    auto const entry = left.substr(0, left.find('\0'));
    left.remove_prefix(std::min(left.size(), entry.size() + 1));
    auto const key = entry.substr(0, entry.find('\n'));
    std::string value(entry.substr(std::min(entry.size(), key.size() + 1)));
    if (key == "user.name") facts.user_name = std::move(value);
    else if (key == "user.email") facts.user_email = std::move(value);
    else facts.remote_url = std::move(value);
  }
}

// "<star><sha> <name> <what it points to>"; the star marks the branch that is checked out. Returns
// that branch.
std::string take_refs(repository_facts& facts, git_result const& ended) {
  constexpr std::string_view remote_head = "refs/remotes/origin/HEAD";
  constexpr std::string_view of_origin = "refs/remotes/origin/";
  std::string here;
  for (auto& line : lines_of(ended.out)) {
    auto const name_at = line.find(' ', 1) + 1;
    auto const target_at = line.find(' ', name_at) + 1;
    if (name_at == 0 || target_at == 0) continue;
    auto const name = line.substr(name_at, target_at - name_at - 1);
    if (name == remote_head) {
      facts.default_branch = line.substr(target_at);
      if (facts.default_branch.starts_with(of_origin)) {
        facts.default_branch.erase(0, of_origin.size());
      }
      continue;
    }
    if (line.front() == '*') here = name;
    facts.refs.push_back(line.substr(1, target_at - 2));
  }
  for (auto const* const usual : {"main", "master"}) {
    auto const end = fmt::format(" refs/heads/{}", usual);
    auto const is_usual = [&](std::string const& ref) { return ref.ends_with(end); };
    if (facts.default_branch.empty() && std::ranges::any_of(facts.refs, is_usual)) {
      facts.default_branch = usual;
    }
  }
  return here;
}

// Ranges and exclusions are good revisions, but not a commit.
bool names_one(std::string_view ref) {
  return !ref.starts_with('^') && ref.find("..") == std::string_view::npos;
}

// The commit up to a NUL, then the file. A signature that is shown would stand before the rest.
git_call show(repository_question const& what, std::string const& file) {
  auto const revision = what.ref.empty() ? std::string("HEAD") : what.ref;
  git_call call;
  call.directory = what.directory;
  call.arguments = {"show", "-s", "--no-show-signature", "--no-textconv",
                    "--format=%H%n%T%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B%x00", "--end-of-options",
                    revision + "^{commit}"};
  if (is_path_in_tree(file)) call.arguments.push_back(revision + ":" + file);
  call.arguments.push_back("--");
  return call;
}

void take_base(repository_facts& facts, git_result const& ended) {
  if (!ended.ok() || ended.out.empty()) return;
  commit_facts commit;
  auto const end = std::min(ended.out.find('\0'), ended.out.size());
  auto left = std::string_view(ended.out).substr(0, end);
  for (auto* const field : {&commit.sha, &commit.tree, &commit.author_name, &commit.author_mail,
                            &commit.author_date, &commit.committer_name, &commit.committer_mail,
                            &commit.committer_date}) {
    auto const line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    *field = line;
  }
  while (left.ends_with('\n')) left.remove_suffix(1);
  commit.message = left;
  facts.base = std::move(commit);
}

// What follows the commit, unless it is no file: a list of names, or another commit.
void take_file(repository_facts& facts, git_result const& ended) {
  constexpr std::string_view end_of_commit("\0\n", 2);
  auto const end = ended.out.find(end_of_commit);
  if (end == std::string::npos) return;
  auto const text = std::string_view(ended.out).substr(end + end_of_commit.size());
  if (!text.starts_with("\ntree ") && text.find('\0') == std::string_view::npos) facts.file = text;
}

std::vector<git_call> calls_of(repository_question const& what) {
  std::vector<git_call> calls(3);
  calls[0].arguments = {"rev-parse",       "--path-format=absolute",
                        "--show-toplevel", "--git-path",
                        "objects",         "--git-path",
                        "shallow",         "--git-path",
                        "index",           "--show-object-format"};
  calls[1].arguments = {"config", "-z", "--get-regexp",
                        R"(^(user\.name|user\.email|remote\.origin\.url)$)"};
  calls[2].arguments = {"for-each-ref", "--format=%(HEAD)%(objectname) %(refname) %(symref)",
                        "refs/heads", "refs/tags", "refs/remotes/origin/HEAD"};
  calls.push_back(show(what, what.file));
  if (!what.ref.empty()) {
    calls.push_back({.arguments = {"rev-parse", "--symbolic-full-name", what.ref}});
  }
  // What `add --all` would take, whatever the user wants to see of it.
  if (what.with_status) {
    calls.push_back({.arguments = {"status", "--porcelain", "--untracked-files=normal",
                                   "--ignore-submodules=dirty", "--no-renames"}});
  }
  for (auto& call : calls) call.directory = what.directory;
  return calls;
}

}  // namespace

awaitable<repository_facts> look_at_repository(git with, repository_question what) {
  auto const ended = co_await with.run_together(calls_of(what));
  repository_facts facts;
  take_places(facts, ended[0]);
  take_settings(facts, ended[1]);
  if (facts.no_repository) co_return facts;
  facts.ref = take_refs(facts, ended[2]);
  if (names_one(what.ref)) {
    take_base(facts, ended[3]);
    if (facts.base && is_path_in_tree(what.file)) take_file(facts, ended[3]);
    // Without the file git shows nothing at all.
    if (!facts.base && !what.file.empty()) {
      auto commit_alone = show(what, std::string());
      auto const shown = co_await with.run(std::move(commit_alone));
      take_base(facts, shown);
    }
  }
  if (!what.ref.empty() && !facts.base) {
    throw git_failure(fmt::format("there is no branch, tag or commit '{}'", what.ref));
  }
  if (!what.ref.empty()) facts.ref = ended[4].ok() ? ended[4].line() : std::string();
  if (what.with_status) facts.clean = ended.back().ok() && ended.back().out.empty();
  if (facts.base || !what.ref.empty()) co_return facts;
  // Nothing is on the branch yet, so it is in no list.
  git_call name;
  name.directory = what.directory;
  name.arguments = {"symbolic-ref", "--quiet", "HEAD"};
  auto const unborn = co_await with.run(std::move(name));
  if (unborn.ok()) facts.ref = unborn.line();
  co_return facts;
}

bool is_path_in_tree(std::string_view path) {
  return !path.empty() && path.find('\n') == std::string_view::npos && !path.starts_with("./") &&
         !path.starts_with("../");
}

}  // namespace corunner::coordinator
