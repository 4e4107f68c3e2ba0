#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/pipeline/yaml/node.hpp"

namespace corunner::pipeline::yaml {

struct load_limits {
  std::size_t bytes = 16u << 20;    // of one file
  std::size_t nodes = 200'000;      // of one file, aliases counted as often as they are used
  int depth = 100;
};

struct loaded {
  std::vector<node> documents;         // empty for an empty file
  std::optional<diagnostic> error;  // the parser stops at the first
};

// Reads YAML 1.1 as Ruby's Psych does in safe mode: anchors, aliases, merge keys, duplicate keys
// (the last wins), no dates, no tag but `!reference` and the core ones.
loaded load(std::string_view text, std::string_view file, load_limits const& limits = {});

}  // namespace corunner::pipeline::yaml
