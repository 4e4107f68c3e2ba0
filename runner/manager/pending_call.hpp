#pragma once

#include "runner/gitlab/job_api.hpp"

namespace corunner {

// Tells the server that a job waits for us, which is also the way to ask whether it waits for us at
// all. Wire: protocol.md 4.2
awaitable<gitlab::update_answer> tell_pending(gitlab::job_api& server, gitlab::job_key const& job);

// What the server says of a job that it considers running here: it has been accepted, or needs no
// acceptance.
bool runs_already(gitlab::update_answer const& to_pending);

}  // namespace corunner
