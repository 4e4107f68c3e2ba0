#pragma once

#include "runner/coordinator/api/router.hpp"
#include "runner/coordinator/storage/records.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace corunner::coordinator {

// Who asks, or how to refuse.
template <class Who>
struct admitted {
  std::optional<Who> who;
  reply refusal;

  explicit operator bool() const { return who.has_value(); }
  Who& operator*() { return *who; }
  Who* operator->() { return &*who; }
};

// The user behind PRIVATE-TOKEN, private_token or Authorization: Bearer (runners-api.md 1.3).
// `scopes`: one of these must be the token's, besides `api`.
admitted<user_record> admit_user(context& in, api_request& request, std::string_view scopes = "");

// The runner behind the parameter `token`. Notes its absence as a fault of the parameters.
admitted<runner_record> admit_runner(context& in, api_request& request);
// The same for calls of a runner at work: a project runner without projects is refused.
admitted<runner_record> admit_working_runner(context& in, api_request& request);

// The job of the path with its token (JOB-TOKEN or `token`), as update, trace and upload want it
// (5.8): never 404, and Job-Status where the token is the job's own.
admitted<job_record> admit_job(context& in, api_request& request);

// The job whose token this is, whatever the path says; it must be running (downloads, git).
std::optional<job_record> job_of_token(context& in, std::string_view token);
// JOB-TOKEN or the parameter; the parameter wins.
std::string job_token_of(api_request& request);

// Notes that the runner was heard of, and makes or updates its manager from `system_id` and `info`.
manager_record heartbeat(context& in, api_request& request, runner_record& runner);

}  // namespace corunner::coordinator
