#include "runner/gitlab/failure_reason.hpp"

#include <algorithm>
#include <array>

namespace corunner::gitlab {

namespace {

struct row {
  failure_reason reason;
  std::string_view name;
  bool always_supported;
  failure_reason fallback;  // none: there is no other than unknown_failure
};

using enum failure_reason;

constexpr std::array rows{
    row{none, "", false, script_failure},
    row{script_failure, "script_failure", true, none},
    row{runner_system_failure, "runner_system_failure", true, none},
    row{job_execution_timeout, "job_execution_timeout", true, none},
    row{image_pull_failure, "image_pull_failure", false, runner_system_failure},
    row{unknown_failure, "unknown_failure", false, none},
    row{runner_configuration_error, "runner_configuration_error", false, script_failure},
    row{runner_external_dependency_failure, "runner_external_dependency_failure", false,
        runner_system_failure},
    row{runner_interrupted, "runner_interrupted", false, none},
    row{job_canceled, "job_canceled", false, none},
};

row const& row_of(failure_reason reason) {
  return *std::ranges::find(rows, reason, &row::reason);
}

}  // namespace

std::string_view to_string(failure_reason reason) { return row_of(reason).name; }

std::optional<failure_reason> parse_failure_reason(std::string_view name) {
  auto const found = std::ranges::find(rows, name, &row::name);
  if (found == rows.end()) return std::nullopt;
  return found->reason;
}

failure_reason reported_reason(failure_reason reason, std::vector<std::string> const& supported) {
  auto const known = [&](row const& candidate) {
    return candidate.always_supported || (candidate.reason != none &&
                                          std::ranges::find(supported, candidate.name) !=
                                              supported.end());
  };
  // Every chain ends at an always supported reason or at none, so this walk is short.
  for (auto const* at = &row_of(reason);; at = &row_of(at->fallback)) {
    if (known(*at)) return at->reason;
    if (at->fallback == none) return unknown_failure;
  }
}

}  // namespace corunner::gitlab
