#pragma once

#include "config/config.hpp"
#include "net/time_source.hpp"
#include "runner/gitlab/job_payload.hpp"
#include "runner/job/job_run.hpp"
#include "runner/observe/log.hpp"
#include "runner/trace/job_trace.hpp"

#include <string>
#include <string_view>

namespace corunner {

// What our log says of jobs: fields and words are GitLab Runner's, log tools match them
// (observability.md 3.3).

// For the calls about a job: job and runner.
logger call_log(logger const& from, gitlab::job_payload const& job,
                config::runner_entry const& runner);
// For the job's own lines: also its project, pipeline, namespaces and user.
logger job_log(logger const& from, gitlab::job_payload const& job,
               config::runner_entry const& runner);

// "Added job to processing list", "Removed job from processing list".
void log_listed(logger const& log, std::string_view what, gitlab::job_payload const& job);
// A line that the log of the job has, too.
void log_line(logger const& log, job_trace::line_kind kind, std::string_view text);
// "Image configured for job", with its name and platform.
void log_image(logger const& log, std::string_view what, gitlab::job_image const& image);
// "Job succeeded", "Job failed: exit status 1": the one line of a job's end.
void log_end(logger const& log, job_outcome const& how, net::time_source::duration took);

// Where the repository is, without credentials; empty when that is no URL.
std::string shown_repository(gitlab::job_payload const& job);
// The job's page at GitLab.
std::string page_of(gitlab::job_payload const& job);

}  // namespace corunner
