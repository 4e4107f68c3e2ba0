#pragma once

#include "runner/journal/journal.hpp"
#include "runner/manager/manager.hpp"

namespace corunner {

// Brings a job that an earlier process ran to its end on the server: a finished one as it ended,
// one that was running as a system failure, with its whole log and a last line that says so. Ends
// with a definite answer, after which the journal forgets the job, or when it is cancelled, and
// then the job stays for the next start. What it left on the machine has been removed before.
//
// `services`, `options` and `figures` must outlive it. Wire: protocol.md 4 and 5.
awaitable<void> deliver_interrupted(manager_services& services, manager_options const& options,
                                    run_figures& figures, interrupted_job what);

}  // namespace corunner
