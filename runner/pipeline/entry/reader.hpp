#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runner/pipeline/diagnostic.hpp"
#include "runner/pipeline/variable.hpp"
#include "runner/pipeline/yaml/node.hpp"

// Readers of the parts of a configuration. Each takes a node and the path of that node for messages
// (`jobs:build:cache`), answers a value, and adds what is wrong to `errors`. After an error the
// answer is some harmless value, so that reading goes on and finds the next error.
// Messages are GitLab's where it has one: spec/local-pipelines.md section 14.
namespace corunner::pipeline::entry {

using yaml::node;

void fail(diagnostics& errors, node const& at, std::string path, std::string text);

// Which keys a mapping may have.
struct key_set {
  std::span<std::string_view const> known;
  std::span<std::string_view const> refused = {};
  std::string_view refused_prefix = {};  // `needs:` makes `needs:project` of the key `project`
};

// Whether `value` is a mapping; reports its unknown and refused keys.
bool check_mapping(diagnostics& errors, node const& value, std::string const& path,
                   key_set const& keys);

// A key that is present and not null; null counts as absent everywhere.
node const* given(node const& mapping, std::string_view key);

std::string read_string(diagnostics& errors, node const& value, std::string const& path);
// Also takes numbers and booleans.
std::string read_scalar(diagnostics& errors, node const& value, std::string const& path);
bool read_boolean(diagnostics& errors, node const& value, std::string const& path);
std::optional<int> read_integer(node const& value);
std::vector<std::string> read_strings(diagnostics& errors, node const& value,
                                      std::string const& path);
// A string stands for a list of one.
std::vector<std::string> read_string_or_strings(diagnostics& errors, node const& value,
                                                std::string const& path);

// A string or lists of strings nested up to ten deep, flattened. Only lists when `single` is false.
std::vector<std::string> read_nested_strings(diagnostics& errors, node const& value,
                                             std::string const& path, bool single = true);

// One of `choices`; `what` names it in the message: `when should be one of: ...`.
std::string read_choice(diagnostics& errors, node const& value, std::string const& path,
                        std::string_view what, std::span<std::string_view const> choices);

// Seconds; `limit` zero means none.
std::optional<std::chrono::seconds> read_duration(diagnostics& errors, node const& value,
                                                  std::string const& path, std::string_view what,
                                                  std::chrono::seconds limit = {});

enum class variable_form {
  scalars,  // rules, services
  job,      // also {value, expand}
  global,   // also {value, description, options, expand}
};
std::vector<variable> read_variables(diagnostics& errors, node const& value,
                                     std::string const& path, variable_form form);

// Items of a list whose nested lists (as `!reference` brings them) are flattened.
std::vector<node const*> flatten(node const& list);

// `3 mins 4 sec`, `2h20min`, `42`: what GitLab accepts as a duration. Nothing when it is none.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace corunner::pipeline::entry
