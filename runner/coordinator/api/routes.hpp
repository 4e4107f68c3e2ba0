#pragma once

#include "runner/coordinator/api/router.hpp"

#include <span>

namespace corunner::coordinator {

// The endpoints, one table per file, the files in a folder per topic.

// runners/: the Runners API.
std::span<route const> registration_routes();  // making runners; calls with a runner's own token
std::span<route const> registration_token_routes();  // new registration tokens
std::span<route const> runner_assignment_routes();   // to projects
std::span<route const> runner_job_routes();          // its jobs
std::span<route const> runner_list_routes();         // lists
std::span<route const> runner_routes();              // one runner, by its id

// jobs/: what a runner calls for its jobs.
std::span<route const> artifact_routes();     // /jobs/:id/artifacts
std::span<route const> job_request_routes();  // POST /jobs/request
std::span<route const> job_update_routes();   // PUT /jobs/:id, PATCH /jobs/:id/trace

// projects/: projects, pipelines, jobs as a person sees them.
std::span<route const> lint_routes();     // /projects/:id/ci/lint
std::span<route const> project_routes();  // all others

// knobs/: what only tests may ask for, when the options allow it.
std::span<route const> fault_routes();       // /_test/faults
std::span<route const> rate_limit_routes();  // /_test/rate_limits
std::span<route const> test_world_routes();  // /_test/users, ...

std::span<route const> instance_routes();  // /version, /user, ...

}  // namespace corunner::coordinator
