#include "runner/coordinator/git/snapshot_files.hpp"

#include "runner/coordinator/git/repository_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace corunner::coordinator {

namespace {

std::vector<std::string> split_zero(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    auto const item = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

// Of each name that was asked for "<sha> blob <bytes> LF <content> LF", or a line that ends in
// " missing"; what is no file is none to us.
std::vector<std::optional<std::string>> parse_batch(std::string_view text) {
  std::vector<std::optional<std::string>> contents;
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    auto& content = contents.emplace_back();
    auto const size_at = line.rfind(' ') + 1;
    std::size_t size = 0;
    auto const [end, ec] = std::from_chars(line.data() + size_at, line.data() + line.size(), size);
    if (ec != std::errc() || end != line.data() + line.size() || size > text.size()) continue;
    if (line.substr(0, size_at).ends_with(" blob ")) content = text.substr(0, size);
    text.remove_prefix(std::min(text.size(), size + 1));
  }
  return contents;
}

}  // namespace

std::optional<std::string> snapshot_files::read(std::string_view path) {
  auto const known = files_.find(path);
  if (known != files_.end()) return known->second;
  wanted_files_.emplace(path);
  return std::nullopt;
}

std::vector<std::string> snapshot_files::list() {
  if (list_) return *list_;
  wants_list_ = true;
  return {};
}

// Without something to compare with: what the snapshot's commit changed.
std::string snapshot_files::base_or_default(std::string_view compare_to) const {
  if (!compare_to.empty()) return std::string(compare_to);
  return from_.sha + "^";
}

std::optional<std::vector<std::string>> snapshot_files::changed_paths(std::string_view compare_to) {
  auto const base = base_or_default(compare_to);
  auto const known = changes_.find(base);
  if (known != changes_.end()) return known->second;
  wanted_changes_.insert(base);
  return std::nullopt;
}

bool snapshot_files::has_ref(std::string_view ref) {
  auto const known = refs_.find(ref);
  if (known != refs_.end()) return known->second;
  wanted_refs_.emplace(ref);
  return true;
}

bool snapshot_files::wants_more() const {
  return wants_list_ || !wanted_files_.empty() || !wanted_changes_.empty() || !wanted_refs_.empty();
}

awaitable<void> snapshot_files::load() {
  if (std::exchange(wants_list_, false)) {
    auto const ended =
        co_await git_.run_in(from_.git_dir, {"ls-tree", "-r", "-z", "--name-only", from_.sha});
    list_ = ended.ok() ? split_zero(ended.out) : std::vector<std::string>();
  }
  if (!wanted_files_.empty()) co_await load_contents(std::exchange(wanted_files_, {}));
  for (auto const& base : std::exchange(wanted_changes_, {})) co_await load_changes(base);
  for (auto const& ref : std::exchange(wanted_refs_, {})) {
    git_call call;
    call.directory = from_.top;
    call.arguments = {"rev-parse", "--verify", "--quiet", ref + "^{commit}"};
    auto const ended = co_await git_.run(std::move(call));
    refs_[ref] = ended.ok();
  }
}

// One `cat-file` for all; it takes a name a line.
awaitable<void> snapshot_files::load_contents(std::set<std::string> paths) {
  git_call call;
  call.arguments = {"--git-dir=" + from_.git_dir.string(), "cat-file", "--batch"};
  call.input.emplace();
  std::vector<std::string> asked;
  for (auto const& path : paths) {
    files_[path] = std::nullopt;
    if (!is_path_in_tree(path)) continue;
    *call.input += fmt::format("{}:{}\n", from_.sha, path);
    asked.push_back(path);
  }
  auto const ended = co_await git_.run(std::move(call));
  auto contents = parse_batch(ended.out);
  for (std::size_t i = 0; i != std::min(asked.size(), contents.size()); ++i) {
    files_[asked[i]] = std::move(contents[i]);
  }
}

awaitable<void> snapshot_files::load_changes(std::string base) {
  // Names of refs are the user's repository's, objects are ours as well.
  std::string revision = base;
  if (!from_.no_repository && !base.starts_with(from_.sha)) {
    git_call call;
    call.directory = from_.top;
    call.arguments = {"rev-parse", "--verify", "--quiet", base + "^{commit}"};
    auto const resolved = co_await git_.run(std::move(call));
    if (resolved.ok()) revision = resolved.line();
  }
  auto const merged = co_await git_.run_in(from_.git_dir, {"merge-base", revision, from_.sha});
  if (merged.ok()) revision = merged.line();
  auto const ended = co_await git_.run_in(
      from_.git_dir, {"diff", "--name-only", "-z", "--no-renames", revision, from_.sha});
  std::optional<std::vector<std::string>> paths;
  if (ended.ok()) paths = split_zero(ended.out);
  changes_[std::move(base)] = std::move(paths);
}

awaitable<pipeline::evaluation> evaluate_snapshot(git with, snapshot const& what,
                                                  pipeline::pipeline_source source,
                                                  std::optional<std::string> text) {
  // A chain of includes is one round each; GitLab allows 150 of them.
  constexpr int most_rounds = 200;
  snapshot_files files(with, what);
  auto const path = source.project.config_path;
  for (auto const& [known, content] : what.files) files.put(known, content);
  if (text) files.put(path, *text);
  files.read(path);
  co_await files.load();
  auto const config = files.read(path);
  if (!config) {
    pipeline::evaluation missing;
    missing.errors.push_back({path, {}, {}, "the file is not in the repository"});
    co_return missing;
  }
  for (int round = 0;; ++round) {
    auto evaluation = pipeline::evaluate(*config, files, source);
    if (!files.wants_more() || round == most_rounds) co_return evaluation;
    co_await files.load();
  }
}

}  // namespace corunner::coordinator
