#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::test {

// A recorded run of GitLab Runner's command line (test/data/observed/cli): the files before and
// after it, with placeholders filled in.
struct observed_case {
  std::string name;
  std::optional<std::string> file_before(std::string_view file) const;
  std::optional<std::string> file_after(std::string_view file) const;
  bool has_registered() const;  // a `register` that succeeded: there is a config.toml after it

  std::string json;
};

observed_case load_observed_case(std::string_view name);
// The names of those that registered, whose files GitLab Runner wrote.
std::vector<std::string> registrations_observed();

// An environment without variables.
std::optional<std::string> no_variable(std::string_view name);

}  // namespace corunner::test
