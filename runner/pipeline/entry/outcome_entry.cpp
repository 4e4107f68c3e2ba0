// What follows from a job's failure: `retry` and `allow_failure`.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runner/pipeline/entry/job_parts.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr int retry_limit = 2;

constexpr std::string_view retry_whens[]{
    "always",
    "unknown_failure",
    "script_failure",
    "api_failure",
    "stuck_or_timeout_failure",
    "stuck_pending_with_matching_runners",
    "stuck_pending_no_matching_runners",
    "no_updates_running",
    "no_updates_canceling",
    "runner_system_failure",
    "runner_configuration_error",
    "runner_external_dependency_failure",
    "runner_interrupted",
    "runner_unsupported",
    "stale_schedule",
    "job_execution_timeout",
    "server_timeout_running",
    "server_timeout_canceling",
    "archived_failure",
    "unmet_prerequisites",
    "scheduler_failure",
    "data_integrity_failure",
};

// A number or a list of numbers.
std::vector<int> read_exit_codes(diagnostics& errors, node const& value, std::string const& path) {
  std::vector<int> out;
  bool good = true;
  std::vector<node> const items = value.is_sequence() ? value.items : std::vector{value};
  for (node const& item : items) {
    std::optional<int> const code = read_integer(item);
    good = good && code;
    out.push_back(code.value_or(0));
  }
  if (good && !out.empty()) return out;
  fail(errors, value, path, "exit codes should be an array of integers or an integer");
  return {};
}

int read_max(diagnostics& errors, node const& value, std::string const& path) {
  std::optional<int> const max = read_integer(value);
  if (!max) {
    fail(errors, value, path, "max is not a number");
    return 0;
  }
  if (*max < 0) fail(errors, value, path, "max must be greater than or equal to 0");
  if (*max > retry_limit) fail(errors, value, path, "max must be less than or equal to 2");
  return *max;
}

std::vector<std::string> read_whens(diagnostics& errors, node const& value,
                                    std::string const& path) {
  std::vector<std::string> const out = read_string_or_strings(errors, value, path + ":when");
  for (std::string const& reason : out) {
    if (std::ranges::find(retry_whens, reason) != std::end(retry_whens)) continue;
    fail(errors, value, path, fmt::format("when is not known: {}", reason));
  }
  return out;
}

}  // namespace

retry_policy read_retry(diagnostics& errors, node const& value, std::string const& path) {
  static constexpr std::array<std::string_view, 3> keys{"max", "when", "exit_codes"};
  retry_policy out;
  out.given = true;
  if (value.type == yaml::kind::integer) {
    out.max = read_max(errors, value, path);
    out.when = {"always"};
    return out;
  }
  if (!value.is_mapping()) {
    fail(errors, value, path, "config has to be either an integer or a hash");
    return out;
  }
  check_mapping(errors, value, path, {keys});
  if (node const* const m = given(value, "max")) out.max = read_max(errors, *m, path);
  if (node const* const w = given(value, "when")) out.when = read_whens(errors, *w, path);
  if (node const* const e = given(value, "exit_codes")) {
    out.exit_codes = read_exit_codes(errors, *e, path);
  }
  // Exit codes alone do not mean that every other failure is retried, too.
  if (out.when.empty() && out.exit_codes.empty()) out.when = {"always"};
  return out;
}

allow_failure_entry read_allow_failure(diagnostics& errors, node const& value,
                                       std::string const& path) {
  static constexpr std::array<std::string_view, 1> keys{"exit_codes"};
  allow_failure_entry out;
  if (value.type == yaml::kind::boolean) {
    out.allowed = value.is_true();
    return out;
  }
  if (!value.is_mapping()) {
    fail(errors, value, path, "config should be a hash or a boolean value");
    return out;
  }
  check_mapping(errors, value, path, {keys});
  if (node const* const e = given(value, "exit_codes")) {
    out.exit_codes = read_exit_codes(errors, *e, path);
  }
  return out;
}

}  // namespace corunner::pipeline::entry
