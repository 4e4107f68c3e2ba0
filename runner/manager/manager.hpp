#pragma once

#include "config/config.hpp"
#include "net/blocking_pool.hpp"
#include "net/event.hpp"
#include "net/http_client.hpp"
#include "net/task_group.hpp"
#include "net/time_source.hpp"
#include "runner/gitlab/api_client.hpp"
#include "runner/job/build_directories.hpp"
#include "runner/job/job_run.hpp"
#include "runner/journal/journal.hpp"
#include "runner/manager/concurrency_ids.hpp"
#include "runner/manager/poll_plan.hpp"
#include "runner/observe/log.hpp"
#include "runner/observe/run_figures.hpp"
#include "runner/trace/spool.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corunner {

class job_task;

// What the manager uses and does not own; all of it must outlive the manager.
struct manager_services {
  net::time_source& time;
  net::blocking_pool& pool;
  net::http_client& http;
  logger log;
  // A new executor of the given name; null when there is none of that name.
  std::function<std::unique_ptr<exec::executor>(std::string const& name)> make_executor;
  // Where jobs and their logs are kept until the server has them, also those of earlier processes.
  corunner::journal& journal;
  // Puts something before the place of a job's log that sees what is stored; may be empty.
  std::function<std::unique_ptr<spool>(std::unique_ptr<spool> log)> watch_log;
  // Removes what an earlier process's job left; bounded in time.
  std::function<awaitable<void>(exec::leftover const& what)> remove_leftover;
};

struct manager_options {
  job_identity identity;
  std::filesystem::path working_directory;
  std::string user;            // `run --user`
  std::uint64_t seed = 0;      // of jitter
  // Ends after so many jobs; 0: never. `run --once` is 1.
  unsigned jobs_until_end = 0;
  // Told how each job ended, after its delivery.
  std::function<void(job_outcome const&)> job_ended;
  // Told when a server will not give jobs whatever we do: bad token, bad URL, bad certificate.
  std::function<void(std::string const& why)> poll_refused;
};

// What manager::reconfigure() did to the runner entries.
struct reconfigured {
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t removed = 0;
};

// A token that the server gave for another.
struct renewed_token {
  std::string url;
  secret before;
  secret after;
  net::time_source::wall_time obtained_at;
  std::optional<net::time_source::wall_time> expires_at;  // nothing: never
};
config::runner_entry with_token(config::runner_entry entry, renewed_token const& what);

// How the manager came to its end.
enum class manager_end {
  stopped,    // asked to, and every job ended in time
  jobs_done,  // jobs_until_end
  timed_out,  // asked to, but jobs were left after shutdown_timeout; their processes have been
              // ended
};

// The `run` process without its process: asks the servers of all runner entries for jobs, runs
// them, and ends in order.
//
// One dispatcher starts a poll for an entry when poll_plan says so; a poll that brings a job starts
// a job_task. Polls and jobs are two groups: stopping cancels the polls only, jobs are asked to
// end. What an earlier process left is removed before the first poll, and delivered beside
// everything else; what is not delivered when we stop stays in the journal. A new configuration is
// taken at any time: running jobs keep the entry that they started with. A job that was under way
// to us when its slot was taken away waits for the next one. Wire: protocol.md 7.
class manager {
 public:
  manager(asio::any_io_executor executor, manager_services services, manager_options options,
          config::configuration configuration);
  ~manager();

  // Until stop_*() or jobs_until_end; may be called once.
  awaitable<manager_end> run();

  // No new jobs; those that run end by themselves.
  void stop_gracefully();
  // The same, and running jobs are ended now as interrupted by that signal ("terminated",
  // "interrupt", "quit").
  void stop_forcefully(std::string const& signal_name);

  // Goes on with other settings: everything but the jobs that run. An entry is the same as before
  // when it has the url and token of before (of several such, in order); it keeps its rhythm and
  // what its server told it. The poll of an entry that has gone is cancelled: should the server
  // have handed out a job with it, the job is queued again there, as after an outage. `concurrent`
  // below the number of jobs, also 0, ends none: nothing is asked for until enough have ended.
  // Without effect once the manager was told to stop.
  reconfigured reconfigure(config::configuration next);

  // The entries of that url and token go on with another token: what the server told them, the jobs
  // that count for their limits and their rhythm stay. Requests with the old one are given up.
  void change_token(renewed_token const& what);

  // Forgets the pauses after failures: entries in trouble ask at once.
  void forgive();

  // For a watchdog: nothing is asked although it is due, or no request has come to its end for
  // longer than any may take. A server that fails or holds requests, full slots and a stop are no
  // standstill.
  bool stalled() const;

  bool stopping() const { return phase_ != phase::running; }
  // "starting", "running", "graceful-shutdown" or "forceful-shutdown".
  std::string_view state() const;
  unsigned concurrent() const { return plan_.concurrent(); }
  // How long jobs have to end once they were told to.
  std::chrono::seconds shutdown_timeout() const;
  // The runner entries that are (before run(): will be) asked for, and the jobs that were taken,
  // each with the entry it began with.
  void each_entry(std::function<void(config::runner_entry const&)> const& see) const;
  // How these entries ask for jobs. Of those that have gone the counters stay.
  using entry_names = std::pair<std::string, std::string>;  // short token and name
  void each_poll(
      std::function<void(entry_names const&, poll_plan::figures const&)> const& see) const;
  void each_job(std::function<void(job_task const&)> const& see) const;
  std::size_t running_jobs() const { return tasks_.size(); }
  // Slots of `concurrent` that are taken: by jobs and by requests that may bring one.
  unsigned slots_taken() const { return plan_.running() + plan_.under_way(); }
  // What was counted so far.
  run_figures& figures() { return figures_; }

 private:
  struct entry;
  enum class phase { running, graceful, forceful };

  std::vector<config::runner_entry> usable(std::vector<config::runner_entry> given) const;
  void add(std::vector<config::runner_entry> given);
  void change(entry& at, config::runner_entry to, bool other_labels);
  reconfigured compare_with(std::vector<config::runner_entry> given, bool other_labels);
  static entry_names names_of(config::runner_entry const& of);
  void show_figures(config::runner_entry const& of);
  std::shared_ptr<gitlab::api_client> make_client(config::runner_entry const& for_whom);
  gitlab::runner_info info_of(config::runner_entry const& what) const;
  bool has_executor(std::string const& name) const;
  awaitable<void> recover();
  awaitable<void> deliver(interrupted_job what);
  awaitable<void> dispatch();
  void start_polls(net::time_source::time_point now);
  awaitable<void> poll(poll_plan::request what, std::shared_ptr<entry> at);
  awaitable<std::optional<gitlab::poll_answer>> ask_for_job(poll_plan::request what,
                                                            std::shared_ptr<entry> at);
  void take(poll_plan::request const& what, entry const& at, gitlab::poll_answer answer,
            bool has_slot);
  awaitable<void> run_job(poll_plan::request what, std::shared_ptr<job_task> task);
  void start_waiting();
  awaitable<void> end_what_is_left();
  bool may_poll() const;

  asio::any_io_executor executor_;
  manager_services services_;
  manager_options options_;
  config::configuration configuration_;
  std::vector<std::shared_ptr<entry>> entries_;  // by id in the plan; null: removed
  poll_plan plan_;
  concurrency_ids ids_;
  build_directories directories_{executor_};
  // Clients of jobs and of entries count their calls in it.
  run_figures figures_;
  std::map<entry_names, poll_plan::figures> gone_;  // of entries that were removed
  std::map<std::uint64_t, std::shared_ptr<job_task>> tasks_;  // by the request that brought it
  phase phase_ = phase::running;
  bool started_ = false;
  unsigned jobs_taken_ = 0;
  poll_plan::time_point last_answer_{};  // when a request ended last, or the first began
  net::event changed_;   // the dispatcher has to look again
  net::task_group polls_;
  net::task_group jobs_;
  net::task_group deliveries_;  // of jobs that an earlier process ran
  // Those of them that were done: the server may wait for them to be accepted still, or again.
  std::set<std::pair<std::string, std::int64_t>> in_delivery_;  // by url and job
};

}  // namespace corunner
