#pragma once

#include "config/config.hpp"
#include "exec/executor.hpp"
#include "net/asio.hpp"
#include "net/time_source.hpp"
#include "runner/gitlab/failure_reason.hpp"
#include "runner/gitlab/job_payload.hpp"
#include "runner/job/job_inputs.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace corunner::net {
class blocking_pool;
}

namespace corunner {

class build_directories;
class job_trace;
struct trace_options;

// What the program is, as jobs see it.
struct job_identity {
  std::string program = "corunner";  // "Running with <program> <version> (<revision>)"
  std::string version;
  std::string revision;
  std::string executable;            // absolute path of the running program: the helper commands
  std::string system_id;
};

// Everything that one job is made of. The payload and the configuration are the job's own: a reload
// makes new objects and does not touch these.
struct job_input {
  std::shared_ptr<gitlab::job_payload const> payload;
  std::shared_ptr<config::runner_entry const> runner;
  job_identity identity;
  int concurrent_id = 0;              // CI_CONCURRENT_ID: lowest free of this runner token
  int concurrent_project_id = 0;      // CI_CONCURRENT_PROJECT_ID: the same, of one project
  std::string correlation_id;         // of the job request
  std::string tls_ca_chain;           // PEM; empty: CI_SERVER_TLS_CA_FILE is not set
  std::string tls_certificate;  // PEM of the client certificate and its key: of use together only
  std::string tls_key;
  std::filesystem::path working_directory;  // of this process
  std::string user;                   // `run --user`; empty: our own
};

// What a job uses and does not own.
struct job_services {
  net::time_source& time;
  job_trace& trace;
  // A new executor of the given name; null when there is none of that name.
  std::function<std::unique_ptr<exec::executor>(std::string const& name)> make_executor;
  // Takes warnings for the process log, not for the trace; may be empty.
  std::function<void(std::string const& text)> log_warning;
  // The same for what becomes of a stage, which only those look for who look for faults.
  std::function<void(std::string_view what, std::string const& stage)> log_stage;
  // Told of the images of a job that has FF_LOG_IMAGES_CONFIGURED_FOR_JOB, names filled in; may be
  // empty.
  std::function<void(std::string_view what, gitlab::job_image const&)> image_configured;
  // To be told of what must be removed after the job, before it is made; may be empty.
  std::function<void(exec::leftover const&)> creates;
  // Of all jobs of this process; may be null.
  build_directories* directories = nullptr;
  // For walks through a job's repository; null: scripts do them.
  net::blocking_pool* pool = nullptr;
  // Told how long each stage took, also one with nothing to do; may be empty.
  std::function<void(std::string const& stage, net::time_source::duration took)> stage_ended;
};

enum class job_state { pending, running, success, failed, canceled, timed_out, terminated };
std::string_view to_string(job_state state);

// How a job ended. The final update sends state success or failed, `failure_reason`, `exit_code`.
struct job_outcome {
  job_state state = job_state::success;  // for metrics; all but success are failures
  gitlab::failure_reason reason = gitlab::failure_reason::none;    // as this server knows it
  gitlab::failure_reason unmapped = gitlab::failure_reason::none;  // for local metrics
  int exit_code = 0;                     // 0 is not sent
  std::string message;                   // what stands after "Job failed: "; empty: success
  bool plain = false;                    // a failure that nothing explains: a fault of ours
  bool ran_steps = false;                // it came as far as its own script
  interpolation_count inputs;

  bool ok() const { return state == job_state::success; }
};

// How a job ends that gitlab::refusal() does not want to run; `message` and a line end go raw to
// the trace. To be asked before PUT state=running.
job_outcome rejected_payload(std::string message);

// How a job ends that the server cancelled before it began (PUT answered with canceling).
job_outcome canceled_before_start(gitlab::job_payload const& payload);

// How the trace of this job has to be made: timestamps, sections, limit, masked values.
trace_options trace_options_of(job_input const& input);
// True when the log may show secrets (CI_DEBUG_TRACE, CI_DEBUG_SERVICES).
bool shows_debug_output(job_input const& input);

// The life of one job, from the header of its trace to the footer.
//
// run() may be called once and ends by itself: every wait in it has a deadline, the executor is
// cleaned up on every way out, and it owns all its children. It is stopped by the three signals
// below and not by cancelling the coroutine (which counts as shutdown("terminated")). The signals
// are sticky: one that comes before run() or between two stages is seen at the next step.
// The trace must outlive the run; flushing and delivering it is the caller's business.
// job-lifecycle.md 3 - 10.
class job_run {
 public:
  job_run(asio::any_io_executor executor, job_input input, job_services services);
  ~job_run();

  awaitable<job_outcome> run();

  // Job-Status: canceling. In a user step ends the steps, and after_script still runs; before them
  // as abort(); after them without effect. Only the first call counts.
  void cancel();
  // Job-Status: canceled or failed, or 403. Ends everything.
  void abort();
  // The process ends: `signal_name` is terminated, interrupt or quit.
  void shutdown(std::string signal_name);

  job_state state() const;
  // The stage that runs, or the last one: prepare_executor, step_script, ...
  std::string const& stage() const;
  // What its executor is at: empty, created, prepare, cleanup, finish.
  std::string_view executor_stage() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace corunner
