#include "runner/job/script_timeouts.hpp"

#include "runner/job/words.hpp"

#include <fmt/format.h>

namespace corunner {
namespace {

// The duration of one variable; none when it is not set, 0, or not usable.
std::optional<config::duration> read_timeout(std::string const& name,
                                             job_variables const& variables,
                                             config::duration time_left,
                                             std::vector<std::string>& warnings) {
  auto const text = variables.value(name);
  if (trim(text).empty()) return std::nullopt;
  auto const parsed = config::parse_duration(text);
  if (!parsed) {
    warnings.push_back(fmt::format("Ignoring malformed {} timeout: {}", name, text));
    return std::nullopt;
  }
  if (*parsed < config::duration::zero()) {
    warnings.push_back(fmt::format("Ignoring relative {} timeout: {}", name, text));
    return std::nullopt;
  }
  if (*parsed > time_left) {
    warnings.push_back(fmt::format(
        "{} timeout: {} is longer than job timeout. Setting to job timeout", name, text));
    return std::nullopt;
  }
  if (*parsed == config::duration::zero()) return std::nullopt;
  return *parsed;
}

}  // namespace

script_timeouts read_script_timeouts(job_variables const& variables, config::duration time_left) {
  script_timeouts out;
  out.script = read_timeout("RUNNER_SCRIPT_TIMEOUT", variables, time_left, out.warnings);
  auto const after =
      read_timeout("RUNNER_AFTER_SCRIPT_TIMEOUT", variables, time_left, out.warnings);
  out.after_script = after.value_or(out.after_script);
  return out;
}

part_timeout part_timeout_of(std::string_view name, std::optional<config::duration> configured,
                             config::duration job_timeout) {
  if (!configured) return {job_timeout, {}};
  auto const job_text = config::format_duration(job_timeout);
  auto const text = config::format_duration(*configured);
  if (*configured <= config::duration::zero()) {
    return {job_timeout, fmt::format("{} ({}) must be greater than 0; using job timeout ({})", name,
                                     text, job_text)};
  }
  if (*configured > job_timeout) {
    return {job_timeout, fmt::format("{} ({}) exceeds job timeout ({}); using job timeout", name,
                                     text, job_text)};
  }
  return {*configured, {}};
}

}  // namespace corunner
