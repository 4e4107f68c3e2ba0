#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// A version of a plugin: semantic versioning 2.0.0, in full. What stands behind '+' does not count.
struct plugin_version {
  std::uint64_t major_part = 0;  // glibc has macros of the shorter names
  std::uint64_t minor_part = 0;
  std::uint64_t patch = 0;
  std::vector<std::string> pre_release;  // "1.0.0-rc.1": "rc", "1"

  bool operator==(plugin_version const&) const = default;
  std::strong_ordering operator<=>(plugin_version const& other) const;
};

std::optional<plugin_version> parse_plugin_version(std::string_view text);

// "latest", MAJOR, MAJOR.MINOR, or a whole version.
bool is_version_constraint(std::string_view text);

// Whether `version` is one that the constraint means. One with a pre-release part is meant only by
// a constraint that names it.
bool matches(plugin_version const& version, std::string_view constraint);

}  // namespace corunner::exec
