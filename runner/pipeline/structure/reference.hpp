#pragma once

#include <optional>

#include "runner/pipeline/yaml/node.hpp"

namespace corunner::pipeline::structure {

// Replaces every `!reference [job, key, ...]` of `root` by what it addresses, after `extends` was
// resolved. Answers the first error. Rules and messages: spec/local-pipelines.md section 2.3.
std::optional<diagnostic> resolve_references(yaml::node& root);

}  // namespace corunner::pipeline::structure
