#include "exec/archive/file_selection.hpp"

#include "exec/archive/glob.hpp"
#include "exec/archive/lexical_path.hpp"
#include "exec/archive/read_directory.hpp"

#include <fmt/format.h>

namespace corunner::exec {

// `with` is empty for a rule that points outside of the root.
struct file_selection::exclusion {
  std::string text;
  std::optional<glob> with;
  std::size_t taken = 0;
};

file_selection::file_selection(std::string root, std::vector<std::string> excludes)
    : root_(clean_path(root)) {
  for (auto& text : excludes) {
    auto const path = inside(text);
    std::optional<glob> with;
    if (!path.empty()) with.emplace(path);
    excludes_.push_back({std::move(text), std::move(with)});
  }
}

file_selection::~file_selection() = default;
file_selection::file_selection(file_selection&&) noexcept = default;

// `path` as seen from the root, cleaned, wildcards and all; empty when it leads outside.
std::string file_selection::inside(std::string const& path) const {
  if (path == root_) return ".";
  bool const wild = path.find_first_of("*?[{") != std::string::npos;
  auto const [base, pattern] = wild ? split_glob(path) : std::pair(path, std::string());
  auto const below =
      path_below(root_, clean_path(base.starts_with('/') ? base : root_ + "/" + base));
  if (below.empty()) return {};
  auto joined = clean_path(below + "/" + pattern);
  return leaves(joined) ? std::string() : joined;
}

void file_selection::note(bool warning, std::string text) {
  notes_.push_back({warning, std::move(text)});
}

bool file_selection::is_excluded(std::string const& path) {
  for (auto& rule : excludes_) {
    if (!rule.with) {
      // Here GitLab stops looking at the rules: commands/helpers/file_archiver.go, isExcluded.
      note(true, fmt::format("isExcluded: artifact path is not a subpath of project directory: {}",
                             rule.text));
      return false;
    }
    if (rule.with->matches(path)) {
      ++rule.taken;
      return true;
    }
  }
  return false;
}

// True when the entry is one of the selection afterwards.
bool file_selection::offer(std::string const& path) {
  if (leaves(path)) {
    note(true, fmt::format("{}: not supported: outside build directory", path));
    return false;
  }
  if (is_excluded(path)) return false;
  archive_entry entry;
  if (!describe_entry(root_, path, entry)) return false;
  found_.insert_or_assign(path, std::move(entry));
  return true;
}

// Offers `path` and everything below it; links are not followed. Returns how many were kept.
std::size_t file_selection::walk(std::string const& path) {
  archive_entry entry;
  if (!describe_entry(root_, path, entry)) return 0;
  std::size_t kept = offer(path) ? 1 : 0;
  if (!entry.is_directory()) return kept;
  for (auto const& child : read_directory(root_ + "/" + path)) {
    auto const below = path == "." ? child.name : path + "/" + child.name;
    kept += child.is_directory ? walk(below) : (offer(below) ? 1 : 0);
  }
  return kept;
}

void file_selection::add_path(std::string const& path) {
  if (path.empty()) return note(true, "No matching files. Path is empty.");
  auto const relative = inside(path);
  if (relative.empty()) {
    return note(true, fmt::format(
        "processPath: artifact path is not a subpath of project directory: {}", path));
  }
  glob const pattern(relative);
  if (!pattern.valid()) return note(true, fmt::format("{}: syntax error in pattern", path));
  std::vector<std::string> matches;
  find_files(root_, pattern, [&](std::string const& match) { matches.push_back(match); });
  std::size_t kept = 0;
  for (auto const& match : matches) kept += walk(match);
  if (kept > 0) {
    return note(false,
                fmt::format("{}: found {} matching artifact files and directories", path, kept));
  }
  note(true, fmt::format("{}: no matching files. Ensure that the artifact path is relative to the "
                         "working directory ({})", path, root_));
}

void file_selection::add_untracked(std::string_view names) {
  std::size_t kept = 0;
  while (!names.empty()) {
    auto const end = std::min(names.find('\0'), names.size());
    if (end > 0 && offer(clean_path(names.substr(0, end)))) ++kept;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  if (kept == 0) return note(true, "untracked: no files");
  note(false, fmt::format("untracked: found {} files", kept));
}

void file_selection::add_file(std::string const& path) { offer(path); }

void file_selection::finish() {
  for (auto const& rule : excludes_) {
    if (rule.taken > 0) note(false, fmt::format("{}: excluded {} files", rule.text, rule.taken));
  }
}

std::vector<archive_entry> file_selection::entries() const {
  std::vector<archive_entry> sorted;
  sorted.reserve(found_.size());
  for (auto const& [path, entry] : found_) sorted.push_back(entry);
  return sorted;
}

}  // namespace corunner::exec
