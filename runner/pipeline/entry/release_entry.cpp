#include <fmt/format.h>

#include <array>

#include "runner/pipeline/entry/job_parts.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::array<std::string_view, 8> keys{"tag_name", "description", "tag_message", "name",
                                               "ref",      "milestones",  "released_at", "assets"};
constexpr std::array<std::string_view, 1> asset_keys{"links"};
constexpr std::array<std::string_view, 4> link_keys{"name", "url", "filepath", "link_type"};
constexpr std::array<std::string_view, 4> link_types{"other", "runbook", "image", "package"};

std::string optional_text(diagnostics& errors, node const& mapping, std::string_view key,
                          std::string const& path) {
  node const* const found = given(mapping, key);
  return found ? read_string(errors, *found, fmt::format("{}:{}", path, key)) : std::string();
}

// `what` names it in the message: `tag name can't be blank`.
std::string required_text(diagnostics& errors, node const& mapping, std::string_view key,
                          std::string_view what, std::string const& path) {
  node const* const found = given(mapping, key);
  if (found && !found->is_string()) {
    return read_string(errors, *found, fmt::format("{}:{}", path, key));
  }
  auto text = optional_text(errors, mapping, key, path);
  if (text.empty()) fail(errors, mapping, path, fmt::format("{} can't be blank", what));
  return text;
}

std::vector<release_link> read_links(diagnostics& errors, node const& value,
                                     std::string const& path) {
  std::vector<release_link> out;
  if (!value.is_sequence()) {
    fail(errors, value, path, "links should be an array of hashes");
    return out;
  }
  auto const at = path + ":link";
  for (node const* const item : flatten(value)) {
    if (!check_mapping(errors, *item, at, {link_keys})) continue;
    release_link link;
    link.name = required_text(errors, *item, "name", "name", at);
    link.url = required_text(errors, *item, "url", "url", at);
    link.filepath = optional_text(errors, *item, "filepath", at);
    if (node const* const type = given(*item, "link_type")) {
      link.link_type = read_choice(errors, *type, at, "link type", link_types);
    }
    out.push_back(std::move(link));
  }
  return out;
}

}  // namespace

release_definition read_release(diagnostics& errors, node const& value, std::string const& path) {
  release_definition out;
  if (!check_mapping(errors, value, path, {keys})) return out;
  out.tag_name = required_text(errors, value, "tag_name", "tag name", path);
  out.description = required_text(errors, value, "description", "description", path);
  out.tag_message = optional_text(errors, value, "tag_message", path);
  out.name = optional_text(errors, value, "name", path);
  out.ref = optional_text(errors, value, "ref", path);
  out.released_at = optional_text(errors, value, "released_at", path);
  if (node const* const m = given(value, "milestones")) {
    out.milestones = read_string_or_strings(errors, *m, path + ":milestones");
  }
  node const* const assets = given(value, "assets");
  if (!assets || !check_mapping(errors, *assets, path + ":assets", {asset_keys})) return out;
  if (node const* const links = given(*assets, "links")) {
    out.links = read_links(errors, *links, path + ":assets");
  } else {
    fail(errors, *assets, path + ":assets", "links can't be blank");
  }
  return out;
}

}  // namespace corunner::pipeline::entry
