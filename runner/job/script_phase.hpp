#pragma once

#include "net/asio.hpp"
#include "runner/job/job_failure.hpp"
#include "runner/job/running_job.hpp"
#include "runner/job/script_timeouts.hpp"
#include "runner/job/stage_runner.hpp"

#include <functional>
#include <optional>
#include <string>

namespace corunner {

// All scripts of a job in their order: what runs after what, attempts, and the limits of the parts.
// job-lifecycle.md 4.1, 5, 6.1 and 7
class script_phase {
 public:
  // `prepare` limits prepare_script together with what came before it.
  script_phase(running_job& job, stop_scope& prepare);

  // Why the job failed; nothing when it did not. Only meaningful when !interrupted().
  awaitable<std::optional<job_failure>> run();

  // The job as a whole ended before its scripts did: stages were stopped or left out.
  bool interrupted() const { return interrupted_; }

 private:
  using make_script = std::function<attempt<std::string>()>;

  awaitable<std::optional<job_failure>> prepare();
  awaitable<std::optional<job_failure>> get_sources();
  awaitable<std::optional<job_failure>> restore_and_download();
  awaitable<std::optional<job_failure>> run_user_part();
  awaitable<std::optional<job_failure>> run_steps(script_timeouts const& timeouts);
  awaitable<std::optional<job_failure>> run_after_script(script_timeouts const& timeouts,
                                                         bool job_ok);
  awaitable<std::optional<job_failure>> save(bool job_ok);
  awaitable<void> clean_up();
  awaitable<bool> clean_up_without_shell();

  // One stage whose script may be impossible to write.
  awaitable<stage_end> stage(std::string name, attempt<std::string> script, stop_scope& scope,
                             bool predefined = true);
  awaitable<std::optional<job_failure>> attempts(int most, std::string name, make_script script,
                                                 stop_scope& scope);
  awaitable<stage_end> one_attempt(int number, std::string name, make_script const& script,
                                   stop_scope& scope);
  awaitable<void> print_policy();
  awaitable<void> print_all(std::vector<std::string> const& warnings);
  void set_status(std::string status);
  void note(stage_end const& end);

  running_job& job_;
  stop_scope& prepare_scope_;
  bool profile_is_silent_ = false;  // the first script printed nothing but its own
  bool interrupted_ = false;
};

}  // namespace corunner
