#pragma once

#include "runner/gitlab/failure_reason.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <optional>
#include <stdexcept>
#include <string>

namespace corunner {

// Why a job failed.
//
// A failure with a reason is one that a stage or a setting explains; one without is plain: the
// runner's own fault, which is reported as a system failure. job-lifecycle.md 9.1
struct job_failure {
  std::string message;
  std::optional<gitlab::failure_reason> reason;
  int exit_code = 0;

  bool operator==(job_failure const&) const = default;

  bool plain() const { return !reason.has_value(); }
  gitlab::failure_reason effective_reason() const;
  // "Job failed: exit status 1", "Job failed (system failure): shell zsh not found"
  std::string footer() const;
};

job_failure plain_failure(std::string message);
job_failure build_failure(std::string message, gitlab::failure_reason reason, int exit_code = 0);

// What attempt<T>::value() throws when there is no value.
[[noreturn]] inline void throw_exception_from_error(job_failure const& why,
                                                    boost::source_location const&) {
  throw std::runtime_error(why.message);
}

// The value, or why the job fails for want of it.
template <class T>
using attempt = boost::system::result<T, job_failure>;

}  // namespace corunner
