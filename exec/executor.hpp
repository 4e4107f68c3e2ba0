#pragma once

#include "exec/leftover.hpp"
#include "exec/output_sink.hpp"
#include "net/asio.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace corunner::exec {

// One script of a job, complete: fed to a shell once.
struct stage {
  std::string name;            // get_sources, step_script, ... (job-lifecycle.md 4)
  std::string script;          // the whole text for the shell
  bool predefined = false;     // runs where the helper is, in executors that have such a place
};

// How a stage ended.
struct stage_outcome {
  enum class kind {
    exited,       // `exit_code` says how; 0 is success
    signaled,     // died of `signal`
    failed,       // could not be run: `message`; a system failure
    canceled,     // was stopped because its coroutine was cancelled
  };
  kind how = kind::exited;
  int exit_code = 0;
  int signal = 0;
  std::string message;

  bool ok() const { return how == kind::exited && exit_code == 0; }
};

// Why an environment could not be prepared.
struct prepare_failure {
  std::string message;
  std::string failure_reason;  // empty: a plain error, tried again; else not retried
};

// What an executor needs to know of a job; nothing of GitLab's wire.
struct job_environment {
  std::int64_t job_id = 0;
  std::string shell;                        // bash, sh, pwsh, powershell, cmd
  bool script_as_file = false;  // PowerShell is given a file (FF_DISABLE_POWERSHELL_STDIN)
  bool login_shell = true;
  std::filesystem::path working_directory;  // of the runner process
  std::string user;                         // `run --user`; empty: our own
  std::string temporary_directory;          // of the job: file variables, masks
  // The program whose `proxy-exec` runs every start command, so that jobs can announce what to mask
  // (shells.md 12); empty: none.
  std::string proxy;
  // To be told of everything that must be removed after the job, before it is made. Never empty.
  std::function<void(leftover const&)> creates = [](leftover const&) {};
};

// An environment that can run scripts, made for one job.
//
// Calls come in the order prepare, run..., cleanup; one at a time. Cancelling the coroutine that
// awaits run() stops the script (ask, wait, TERM, wait, KILL), and run() then RETURNS an outcome
// with kind::canceled, it does not throw. cleanup() may be called at any time, also after a failed
// prepare.
class executor {
 public:
  virtual ~executor() = default;

  // Nothing, or why there is no environment.
  virtual awaitable<std::optional<prepare_failure>> prepare(job_environment const& job) = 0;
  virtual awaitable<stage_outcome> run(stage what, output_sink& output) = 0;
  virtual awaitable<void> cleanup() = 0;

  // The line that tells what was prepared, printed by the job after prepare().
  virtual std::string description() const = 0;
};

}  // namespace corunner::exec
