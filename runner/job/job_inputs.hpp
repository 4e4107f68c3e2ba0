#pragma once

#include "runner/gitlab/job_payload.hpp"
#include "runner/job/job_failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// For metrics: what became of a job's templates.
struct interpolation_count {
  std::uint64_t texts = 0;   // that had some, and were filled in
  std::string_view failure;  // "parse", "evaluation", "sensitive_unsupported"; empty: none
};

// Fills `${{ job.inputs.x }}` in the fields of a payload that take it: scripts, image, services,
// artifacts, cache. A payload without inputs stays as it is, `${{ }}` included.
// job-lifecycle.md 17.2
attempt<gitlab::job_payload> interpolate_inputs(gitlab::job_payload payload,
                                                interpolation_count& count);

// One text with its expressions filled in (expression.hpp); a `${{` behind a backslash stays. The
// message tells what cannot be read or evaluated.
attempt<std::string> interpolate(std::string_view text,
                                 std::vector<gitlab::job_input> const& inputs,
                                 interpolation_count& count);

}  // namespace corunner
