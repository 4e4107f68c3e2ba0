#pragma once

#include "config/config.hpp"
#include "config/problem.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::config {

// Looks a variable up: its value, or nothing when it is not set.
using environment = std::function<std::optional<std::string>(std::string_view name)>;
environment process_environment();

// Where the file is when nobody says otherwise: /etc/gitlab-runner/config.toml for root, else
// ~/.gitlab-runner/config.toml (home from HOME, then from the password database), else here.
std::filesystem::path default_directory(environment const& variables);
std::filesystem::path default_file(environment const& variables);

// The struct of a file's text. Unknown keys are kept in `other`; key names match in any case; types
// are not converted. Variables in the runners' url and token are expanded from `variables`.
outcome<configuration> decode(std::string_view text, environment const& variables);

// The text of the file, byte for byte as GitLab Runner would save it, then the keys that are not
// known here.
std::string encode(configuration const& what);

// Fills in what an absent key of the file means, where no struct says it: connection_max_age.
void apply_defaults(configuration& what);

// What a load should take offence at, and what it has found.
struct inspection {
  bool strict = false;            // in: problems keep the file from loading, as `strict` in it does
  std::vector<problem> problems;  // out: all that did not keep it from loading, sorted
};

// Decodes and checks the text of a file; `file` is its name in messages. A file that is strict
// fails with the list of its problems.
outcome<configuration> load_text(std::string_view text, std::filesystem::path const& file,
                                 environment const& variables, inspection* how = nullptr);

// Reads and checks a file (config.md 3, steps 1 to 7). One that does not exist is no error:
// defaults, no runners.
outcome<configuration> load_file(std::filesystem::path const& file, environment const& variables,
                                 inspection* how = nullptr);

// Replaces the file by way of a temporary one beside it, so that a reader sees the old or the new
// one whole. New files are 0600, an existing one keeps its mode and owner; a symbolic link stays
// one. A file that cannot be replaced (bind mount) is written in place.
std::optional<failure> save_file(configuration const& what, std::filesystem::path const& file);

}  // namespace corunner::config
