#include "runner/job/job_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace corunner {
namespace {

// What every server knows, listed or not.
constexpr std::string_view always_supported[] = {
    failure_reason::script_failure,
    failure_reason::runner_system_failure,
    failure_reason::job_execution_timeout,
};

struct fallback {
  std::string_view reason;
  std::string_view instead;
};

constexpr fallback fallbacks[] = {
    {failure_reason::image_pull_failure, failure_reason::runner_system_failure},
    {failure_reason::runner_configuration_error, failure_reason::script_failure},
    {failure_reason::runner_external_dependency_failure, failure_reason::runner_system_failure},
};

}  // namespace

std::string job_failure::effective_reason() const {
  return plain() ? std::string(failure_reason::runner_system_failure) : reason;
}

std::string job_failure::footer() const {
  bool const system = effective_reason() == failure_reason::runner_system_failure;
  return fmt::format("Job failed{}: {}", system ? " (system failure)" : "", message);
}

job_failure plain_failure(std::string message) { return {std::move(message), {}, 0}; }

job_failure build_failure(std::string message, std::string_view reason, int exit_code) {
  return {std::move(message), std::string(reason), exit_code};
}

std::string map_failure_reason(std::string_view reason, std::vector<std::string> const& supported) {
  if (reason.empty()) return std::string(failure_reason::script_failure);
  auto const known = [&supported](std::string_view name) {
    return std::ranges::find(always_supported, name) != std::end(always_supported) ||
           std::ranges::find(supported, name) != supported.end();
  };
  // No reason falls back to itself, so the chain is at most as long as the table.
  for (std::size_t step = 0; step <= std::size(fallbacks); ++step) {
    if (known(reason)) return std::string(reason);
    auto const next = std::ranges::find(fallbacks, reason, &fallback::reason);
    if (next == std::end(fallbacks)) break;
    reason = next->instead;
  }
  return std::string(failure_reason::unknown_failure);
}

}  // namespace corunner
