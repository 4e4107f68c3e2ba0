#include "runner/gitlab/failure_reason.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

using namespace corunner::gitlab;
using enum corunner::gitlab::failure_reason;

namespace {

struct row {
  failure_reason reason;
  std::string_view name;
  failure_reason unlisted;  // what a server hears that lists nothing
};

constexpr std::array rows{
    row{none, "", script_failure},
    row{script_failure, "script_failure", script_failure},
    row{runner_system_failure, "runner_system_failure", runner_system_failure},
    row{job_execution_timeout, "job_execution_timeout", job_execution_timeout},
    row{image_pull_failure, "image_pull_failure", runner_system_failure},
    row{unknown_failure, "unknown_failure", unknown_failure},
    row{runner_configuration_error, "runner_configuration_error", script_failure},
    row{runner_external_dependency_failure, "runner_external_dependency_failure",
        runner_system_failure},
    row{runner_interrupted, "runner_interrupted", unknown_failure},
    row{job_canceled, "job_canceled", unknown_failure},
};

}  // namespace

TEST_CASE("every failure reason has a name and an answer for servers that do not list it",
          "[gitlab][failure_reason]") {
  for (auto const& [reason, name, unlisted] : rows) {
    CAPTURE(name);
    CHECK(to_string(reason) == name);
    CHECK(parse_failure_reason(name) == reason);
    CHECK(reported_reason(reason, {}) == unlisted);
    if (reason == none) continue;
    CHECK(reported_reason(reason, {std::string(name)}) == reason);
  }
  CHECK_FALSE(parse_failure_reason("stuck_or_timeout_failure"));
}
