#include "runner/pipeline/planning/cache_key.hpp"

#include <fmt/format.h>

#include <set>

#include "runner/pipeline/glob.hpp"
#include "runner/pipeline/keywords.hpp"
#include "runner/pipeline/slug.hpp"

namespace corunner::pipeline::planning {
namespace {

// What stands for the files in the key; nothing when there are none of them.
std::optional<std::string> digest_of(std::vector<std::string> const& patterns, file_reader& files) {
  std::set<std::string> ids;
  auto const add = [&](std::string const& path) {
    if (std::optional<std::string> const content = files.read(path)) ids.insert(blob_id(*content));
  };
  for (std::string const& pattern : patterns) {
    if (pattern.find('*') == std::string::npos) {
      add(pattern);
      continue;
    }
    glob const wanted(pattern);
    for (std::string const& path : files.list()) {
      if (wanted.matches(path)) add(path);
    }
  }
  if (ids.empty()) return std::nullopt;
  return sha1_hex(fmt::format("{}", fmt::join(ids, "-")));
}

}  // namespace

std::string blob_id(std::string_view content) {
  std::string text = fmt::format("blob {}", content.size());
  text += '\0';
  text += content;
  return sha1_hex(text);
}

std::vector<cache_definition> compute_caches(diagnostics& errors,
                                             std::vector<entry::cache_entry> const& caches,
                                             file_reader& files, bool ref_protected) {
  std::vector<cache_definition> out;
  for (std::size_t place = 0; place < caches.size(); ++place) {
    entry::cache_entry const& from = caches[place];
    if (from.by_commits) {
      refuse(errors, from.file, from.where, "cache:key:files_commits");
      continue;
    }
    cache_definition cache = from.definition;
    if (!from.key_files.empty()) {
      // Without a prefix the place in the list keeps the caches of one job apart.
      std::string const prefix = from.prefix.empty() ? std::to_string(place) : from.prefix;
      cache.key =
          fmt::format("{}-{}", prefix, digest_of(from.key_files, files).value_or("default"));
    }
    bool const shielded = ref_protected && !cache.unprotect;
    std::string const suffix = shielded ? "-protected" : "-non_protected";
    cache.key += suffix;
    for (std::string& key : cache.fallback_keys) key += suffix;
    out.push_back(std::move(cache));
  }
  return out;
}

}  // namespace corunner::pipeline::planning
