#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "runner/pipeline/pipeline.hpp"
#include "runner/pipeline/yaml/node.hpp"

namespace corunner::pipeline::structure {

// What includes need to know about their surroundings.
struct include_context {
  file_reader& files;
  variable_list const& variables;  // those that exist before the pipeline; no YAML ones
  // Whether one mapping of `include:rules` holds; adds to `errors` what is wrong with it.
  std::function<bool(yaml::node const& rule, diagnostics& errors)> rule_holds;
};

// The content document of a YAML text with all its includes merged below it.
//
// Nothing when there was an error; all of them are in `errors`.
// Rules and messages: spec/local-pipelines.md sections 2 and 3.
std::optional<yaml::node> load_configuration(std::string_view text, std::string_view file,
                                             include_context const& context, diagnostics& errors);

// Whether `pattern` (`*` any text without a slash, `**` any text) matches the whole path.
bool include_pattern_matches(std::string_view pattern, std::string_view path);

}  // namespace corunner::pipeline::structure
