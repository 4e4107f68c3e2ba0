#include "runner/job/job_failure.hpp"

#include <fmt/format.h>

#include <utility>

namespace corunner {

gitlab::failure_reason job_failure::effective_reason() const {
  return reason.value_or(gitlab::failure_reason::runner_system_failure);
}

std::string job_failure::footer() const {
  bool const system = effective_reason() == gitlab::failure_reason::runner_system_failure;
  return fmt::format("Job failed{}: {}", system ? " (system failure)" : "", message);
}

job_failure plain_failure(std::string message) { return {std::move(message), std::nullopt, 0}; }

job_failure build_failure(std::string message, gitlab::failure_reason reason, int exit_code) {
  return {std::move(message), reason, exit_code};
}

}  // namespace corunner
