#pragma once

#include "runner/observe/histogram.hpp"
#include "runner/observe/metrics.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace corunner {

// How a job was run, as a label: "traditional": stage by stage; "unknown": it never came to its own
// script.
using job_mode = std::string_view;

// The value of the label system_id.
inline std::string system_id_label(std::string const& id) { return id.empty() ? "unknown" : id; }

// What is counted of a runner entry's jobs, for as long as the process lives, also when the entry
// has gone. Durations in seconds.
class runner_figures {
 public:
  // What the server told of its queue with a job.
  struct queue {
    double seconds = 0;           // the job waited
    std::string project_jobs;     // jobs of its project that run, as sent: "0", "5+", "+Inf", ""
    std::int64_t size = 0;
    std::int64_t depth = 0;
    bool too_long = false;        // longer than job_queuing_durations finds acceptable
  };
  void job_added(queue const& told);
  void stage_ended(std::string const& stage, double seconds);
  void job_ended(job_mode mode, double seconds);
  // An empty reason counts as that of a script.
  void job_failed(job_mode mode, std::string_view reason);
  // A job came to no end of its own because of a fault of ours.
  void job_broke() { ++other_failures; }

  std::uint64_t jobs = 0;
  std::uint64_t job_failures = 0;
  std::uint64_t other_failures = 0;  // of ours
  std::uint64_t queued_too_long = 0;
  std::int64_t queue_size = 0;
  std::int64_t queue_depth = 0;
  std::map<std::string, histogram> queue_time;                                  // by project_jobs
  std::map<std::string, histogram> stage_time;                                  // by stage
  std::map<job_mode, histogram> job_time;
  std::map<std::pair<std::string_view, job_mode>, std::uint64_t> failed;        // by reason
};

// The calls of GitLab's API that are told apart: rows of a table of names, methods and paths.
enum class api_endpoint { request_job, update_job, patch_trace, reset_token };
inline constexpr std::size_t api_endpoints = 4;

// The calls of one token to one endpoint.
struct endpoint_figures {
  std::map<int, std::uint64_t> by_status;
  std::map<int, histogram> by_class;  // status / 100; -1: no status
};
using api_figures = std::array<endpoint_figures, api_endpoints>;
// How often requests were sent to one server.
using api_attempts = std::array<std::uint64_t, api_endpoints>;

// Counts the calls of one token to one server.
class call_counter {
 public:
  call_counter(api_figures& calls, api_attempts& attempts) : calls_(&calls), attempts_(&attempts) {}

  // A call has ended. `status`: of HTTP, -1: no answer; nothing: only its attempts count.
  void ended(api_endpoint which, std::optional<int> status, double seconds,
             unsigned attempts) const;

 private:
  api_figures* calls_;
  api_attempts* attempts_;
};

// All that `run` counts while it works and that no other part knows at the time of a scrape.
//
// Entries are found once, when a configuration is loaded or a job begins; counting is an addition.
class run_figures {
 public:
  run_figures();
  run_figures(run_figures const&) = delete;
  run_figures& operator=(run_figures const&) = delete;

  // The same object for the same names; it stays where it is.
  runner_figures& runner(std::string const& short_token, std::string const& name) {
    return runners_[{short_token, name}];
  }
  // `base_path`: of the server's API, "/api/v4/".
  call_counter calls(std::string const& short_token, std::string const& base_path) {
    return {api_[short_token], attempts_[base_path]};
  }
  void executed(job_mode mode, std::string const& executor) { ++executions_[{mode, executor}]; }
  // Expressions of a job's inputs: texts that were filled in, and what kept one from it ("":
  // nothing).
  void interpolated(std::uint64_t texts, std::string_view failure);
  // A timer ran so long after it was due: how late everything else is.
  void timer_ran(std::chrono::duration<double> late) { lag_.observe(late.count()); }
  // Worker slots: how many there are from now on.
  void slots(unsigned number);

  // The rows of all of this. The figures must outlive `into`.
  void add_to(metrics& into, std::string system_id);

 private:
  friend struct figure_rows;
  using names = std::pair<std::string, std::string>;

  std::string system_id_;
  std::map<names, runner_figures> runners_;  // by short token and name
  std::map<std::string, api_figures> api_;        // by short token
  std::map<std::string, api_attempts> attempts_;  // by base path
  std::map<std::pair<job_mode, std::string>, std::uint64_t> executions_;
  std::uint64_t interpolated_ = 0;
  std::map<std::string_view, std::uint64_t> not_interpolated_;
  std::uint64_t slots_ = 0;
  std::uint64_t slots_started_ = 0;
  std::uint64_t slots_stopped_ = 0;
  histogram lag_;
};

}  // namespace corunner
