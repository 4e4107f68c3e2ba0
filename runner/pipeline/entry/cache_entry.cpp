#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runner/pipeline/entry/job_parts.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::size_t cache_limit = 4;
constexpr std::size_t key_file_limit = 2;
constexpr std::size_t fallback_limit = 5;

constexpr std::array<std::string_view, 7> cache_keys{
    "key", "paths", "untracked", "policy", "when", "unprotect", "fallback_keys"};
constexpr std::array<std::string_view, 3> key_keys{"files", "files_commits", "prefix"};
constexpr std::array<std::string_view, 3> upload_whens{"on_success", "on_failure", "always"};
constexpr std::array<std::string_view, 3> policies{"pull-push", "pull", "push"};

// A key names a directory of the store: no slash, also not URL-encoded, and not only dots.
bool is_valid_key(std::string_view key) {
  std::string lower(key);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (lower.find('/') != std::string::npos || lower.find("%2f") != std::string::npos) return false;
  for (std::size_t at = lower.find("%2e"); at != std::string::npos; at = lower.find("%2e")) {
    lower.replace(at, 3, ".");
  }
  return lower != "." && lower != "..";
}

void read_key_files(diagnostics& errors, node const& key, std::string const& path,
                    cache_entry& out) {
  check_mapping(errors, key, path, {key_keys});
  node const* const files = given(key, "files");
  node const* const commits = given(key, "files_commits");
  if (files && commits) {
    fail(errors, key, path, "config: these keys cannot be used together: files, files_commits");
  }
  node const* const list = files ? files : commits;
  if (!list) {
    fail(errors, key, path, "config missing required keys: files");
    return;
  }
  out.by_commits = !files;
  out.key_files = read_strings(errors, *list, path + ":files");
  if (out.key_files.empty() && list->is_sequence()) {
    fail(errors, *list, path + ":files", "config requires at least 1 item");
  }
  if (out.key_files.size() > key_file_limit) {
    fail(errors, *list, path + ":files",
         fmt::format("config has too many items (maximum is {})", key_file_limit));
  }
  if (node const* const p = given(key, "prefix")) {
    out.prefix = read_string(errors, *p, path + ":prefix");
  }
}

void read_key(diagnostics& errors, node const& key, std::string const& path, cache_entry& out) {
  if (key.is_mapping()) return read_key_files(errors, key, path, out);
  if (key.is_sequence()) {
    fail(errors, key, path, "config should be a hash, a string or a symbol");
    return;
  }
  out.definition.key = key.text;
  if (!is_valid_key(key.text)) {
    fail(errors, key, path, "config should not contain '/' and should not be only '.' or '..'");
  }
}

std::string read_policy(diagnostics& errors, node const& value, std::string const& path) {
  bool const by_variable = value.is_string() && value.text.starts_with('$');
  if (by_variable) return value.text;
  return read_choice(errors, value, path, "policy", policies);
}

cache_entry read_cache(diagnostics& errors, node const& value, std::string const& path) {
  cache_entry out;
  out.where = value.where;
  out.file = value.file_name();
  if (!check_mapping(errors, value, path, {cache_keys})) return out;
  if (node const* const k = given(value, "key")) read_key(errors, *k, path + ":key", out);
  cache_definition& cache = out.definition;
  if (node const* const p = given(value, "paths")) {
    cache.paths = read_nested_strings(errors, *p, path + ":paths", false);
  }
  if (node const* const u = given(value, "untracked")) {
    cache.untracked = read_boolean(errors, *u, path + ":untracked");
  }
  if (node const* const u = given(value, "unprotect")) {
    cache.unprotect = read_boolean(errors, *u, path + ":unprotect");
  }
  if (node const* const p = given(value, "policy")) cache.policy = read_policy(errors, *p, path);
  if (node const* const w = given(value, "when")) {
    cache.when = read_choice(errors, *w, path, "when", upload_whens);
  }
  if (node const* const f = given(value, "fallback_keys")) {
    cache.fallback_keys = read_strings(errors, *f, path + ":fallback_keys");
    if (cache.fallback_keys.size() > fallback_limit) {
      fail(errors, *f, path + ":fallback_keys",
           fmt::format("config has too many items (maximum is {})", fallback_limit));
    }
  }
  return out;
}

}  // namespace

std::vector<cache_entry> read_caches(diagnostics& errors, node const& value,
                                     std::string const& path) {
  std::vector<cache_entry> out;
  if (!value.is_sequence()) {
    cache_entry one = read_cache(errors, value, path);
    // `cache: {}` switches an inherited cache off.
    if (!value.entries.empty()) out.push_back(std::move(one));
    return out;
  }
  std::vector<node const*> const items = flatten(value);
  if (items.size() > cache_limit) {
    fail(errors, value, path, fmt::format("no more than {} caches can be created", cache_limit));
  }
  for (node const* const item : items) out.push_back(read_cache(errors, *item, path + ":cache"));
  return out;
}

}  // namespace corunner::pipeline::entry
