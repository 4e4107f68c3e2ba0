#pragma once

#include "net/event.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace corunner::coordinator {

// What decides who may take a job.
struct pending_job {
  std::int64_t id = 0;
  std::int64_t project_id = 0;
  std::string project_path;
  std::vector<std::string> tags;
  bool ref_protected = false;
  bool instance_runners = true;  // may take it
  bool group_runners = true;
};

// What decides which jobs a runner may take.
struct runner_profile {
  std::int64_t id = 0;
  std::string type = "instance_type";
  std::set<std::string> tags;
  bool run_untagged = true;
  bool only_protected = false;            // access_level ref_protected
  std::set<std::int64_t> projects;        // of a project runner
  std::string group_path;                 // of a group runner
};

// runners-api.md 5.2: scope, tags, untagged, protected refs.
bool may_take(runner_profile const& runner, pending_job const& job);
// The same without regard to tags, to tell what is missing.
bool in_scope(runner_profile const& runner, pending_job const& job);

// Jobs that wait for a runner, and the values by which a runner knows that nothing changed.
//
// Lives in memory and is filled from the database at start. The queue value of a runner is replaced
// (a tick) when a job comes that it may take; whoever waits for that runner is woken.
class job_queue {
 public:
  explicit job_queue(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  void add(pending_job job) { pending_[job.id] = std::move(job); }
  void remove(std::int64_t job) { pending_.erase(job); }
  std::map<std::int64_t, pending_job> const& pending() const { return pending_; }

  // Jobs for that runner in the order in which they are offered: by id; an instance runner serves
  // the project with the fewest running jobs first.
  std::vector<std::int64_t> candidates(runner_profile const& runner,
                                       std::map<std::int64_t, int> const& running_of_project) const;

  // The runner's value; made on first use.
  std::string const& value(std::int64_t runner);
  std::string const& tick(std::int64_t runner);
  void tick_all();
  void forget(std::int64_t runner);
  // Runners that have a value, so may be waiting.
  std::vector<std::int64_t> known() const;
  // Is set at the runner's next tick.
  std::shared_ptr<net::event> next_tick(std::int64_t runner);

 private:
  struct place {
    std::string value;
    std::shared_ptr<net::event> ticked;
  };
  place& of(std::int64_t runner);

  asio::any_io_executor executor_;
  std::map<std::int64_t, pending_job> pending_;
  std::map<std::int64_t, place> places_;
};

}  // namespace corunner::coordinator
