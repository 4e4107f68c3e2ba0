#pragma once

#include <string_view>

namespace corunner {

// Which program this is. Facts of the build, fixed by meson.
struct version_facts {
  std::string_view version;
  std::string_view revision;  // eight hex digits, or HEAD
  std::string_view branch;
  std::string_view compiler;
  std::string_view built;     // RFC 3339
  std::string_view os;        // as Go spells it: linux, darwin, windows, freebsd
  std::string_view arch;      // as Go spells it: amd64, arm64, ...
};

version_facts const& version();

}  // namespace corunner
