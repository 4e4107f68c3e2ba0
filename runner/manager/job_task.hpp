#pragma once

#include "config/config.hpp"
#include "net/dialer.hpp"
#include "net/task_group.hpp"
#include "runner/gitlab/job_api.hpp"
#include "runner/job/job_run.hpp"
#include "runner/journal/journal.hpp"
#include "runner/manager/concurrency_ids.hpp"
#include "runner/manager/job_figures.hpp"
#include "runner/manager/job_log.hpp"
#include "runner/manager/logged_calls.hpp"
#include "runner/manager/manager.hpp"
#include "runner/observe/log.hpp"
#include "runner/trace/job_trace.hpp"
#include "runner/trace/trace_uploader.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner {

// One job from the moment it was handed to us until the server knows its end.
//
// Owns the trace, its uploader and the run. Order (protocol.md 3.5): the trace is made, the job is
// accepted, it runs while the uploader sends, the end is delivered. The slot and the job's numbers
// are given back with the end's delivery, but not much later than the work is done, whatever the
// server does.
//
// A job without a slot waits before it is accepted, as `pending`, so that its time does not run;
// the server gives it to another runner should we go away. A server that considers it running
// already (it knows no two-phase commit) is told that it runs, and its log why nothing happens
// (protocol.md 4.2). The services, options, ids, directories and figures must outlive the task.
class job_task {
 public:
  // What was taken, for whom.
  struct assignment {
    std::shared_ptr<config::runner_entry const> runner;
    std::shared_ptr<gitlab::job_api> api;
    gitlab::received_job job;
    net::tls_options tls;  // the files that prove us to the server: the job may use them too
    std::string broken;    // what is wrong with the payload; empty when nothing is
    bool has_slot = true;  // it may start; else with start()
  };

  job_task(asio::any_io_executor executor, manager_services& services,
           manager_options const& options, concurrency_ids& ids, build_directories& directories,
           run_figures& figures, assignment what);
  ~job_task();

  // Ends by itself. `work_done` is called once, as soon as the slot is free. No result when the
  // server withdrew the job before it began.
  awaitable<std::optional<job_outcome>> run(std::function<void()> work_done);

  // A job that waits has a slot now.
  void start() { may_start_.set(); }
  // One that waits and that the server would give to another runner is not wanted any more.
  void give_back();
  void shutdown(std::string const& signal_name);

  config::runner_entry const& runner() const { return *runner_; }
  // What it has made and must be removed once it is over.
  std::vector<exec::leftover> const& created() const { return created_; }
  // The same job of the same server.
  bool runs(std::string const& url, std::int64_t job_id) const {
    return payload_->id == job_id && runner_->url == url;
  }
  // Of the run; before it: pending, no stage.
  job_state state() const { return run_ ? run_->state() : job_state::pending; }
  std::string stage() const { return run_ ? run_->stage() : std::string(); }
  std::string_view executor_stage() const { return run_ ? run_->executor_stage() : ""; }
  // Whether it is ours to run, not only offered to us.
  bool was_added() const { return figures_.was_added(); }
  // Its page at GitLab.
  std::string page() const { return page_of(*payload_); }
  net::time_source::duration age() const { return services_.time.now() - began_; }

 private:
  awaitable<std::optional<job_outcome>> process();
  std::nullopt_t withdrawn();
  awaitable<job_outcome> refuse(job_outcome how);
  enum class turn { come, runs_already, canceled, dropped };
  awaitable<turn> keep_pending();
  awaitable<turn> wait_while_running();
  awaitable<job_outcome> work(job_input const& input);
  job_record make_record() const;
  log_mark mark() const;
  result<std::unique_ptr<spool>> open_journal(bool timestamps,
                                              uploader_options const& uploading);
  job_input make_input() const;
  uploader_options make_uploader_options(job_input const& input);
  awaitable<void> deliver(job_outcome const& how);
  awaitable<void> sync_unless_delivered();
  awaitable<void> release_soon();
  void release();
  void tell_end(job_outcome const& how);

  asio::any_io_executor executor_;
  manager_services& services_;
  manager_options const& options_;
  concurrency_ids& ids_;
  build_directories& directories_;
  std::shared_ptr<config::runner_entry const> runner_;
  job_figures figures_;
  std::shared_ptr<gitlab::job_payload const> payload_;
  logged_calls api_;
  std::string correlation_id_;
  std::string ca_chain_;
  net::tls_options tls_;
  std::string broken_;
  logger log_;
  std::function<void()> work_done_;
  std::optional<concurrency_ids::lease> numbers_;
  net::event may_start_;
  bool is_pending_ = false;  // the server keeps the job for us and would give it away
  bool unwanted_ = false;    // give_back() was called
  net::event delivered_;
  net::time_source::time_point began_;
  job_journal journal_;
  std::unique_ptr<job_trace> trace_;
  log_filters::lease secrets_;  // what the trace hides our own log hides, too
  std::unique_ptr<trace_uploader> uploader_;
  std::unique_ptr<job_run> run_;
  std::vector<exec::leftover> created_;
  std::string shutdown_signal_;
  net::task_group children_;
};

}  // namespace corunner
