#pragma once

#include <optional>

#include "runner/pipeline/yaml/node.hpp"

namespace corunner::pipeline::structure {

// Resolves `extends` of every top-level mapping of `root` in place and removes the keyword.
// A `!reference` is an opaque value here. Answers the first error.
// Rules and messages: spec/local-pipelines.md section 4.
std::optional<diagnostic> resolve_extends(yaml::node& root);

}  // namespace corunner::pipeline::structure
