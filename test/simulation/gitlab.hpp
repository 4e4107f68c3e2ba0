#pragma once

#include "net/event.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "net/time_source.hpp"
#include "test/simulation/coverage.hpp"
#include "test/simulation/job_script.hpp"
#include "test/simulation/random.hpp"

#include <boost/json/object.hpp>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace corunner::simulation {

// How often this world's GitLab misbehaves, in percent of requests.
struct weather {
  unsigned error = 0;         // 500, 502, 503, 429 before anything was done
  unsigned drop_before = 0;   // connection gone, nothing done
  unsigned drop_after = 0;    // done, but the answer is lost
  unsigned slow = 0;          // the answer takes seconds
  unsigned wrong_range = 0;   // 416 for a good patch
  unsigned not_yet = 0;       // 202 for a final update
};

// A GitLab in memory: hands out jobs, keeps logs, and writes down every breach of the protocol by
// the runner. What a real server guarantees holds here too: an assigned job that nobody accepts is
// queued again after two minutes; one that runs and is not heard of for an hour has failed; a job
// has one final state.
class gitlab_world {
 public:
  enum class status { queued, assigned, running, canceling, canceled, success, failed };

  struct job {
    simulated_job what;
    status now = status::queued;
    std::string log;
    std::string failure_reason;
    int exit_code = 0;
    int finals = 0;               // final updates that were taken
    bool cancel_asked = false;    // by us, gracefully or not
    bool was_running = false;
    bool contradicted = false;      // another end was offered, and refused
    bool without_checksum = false;  // the final update did not say what the log is
    net::time_source::time_point ack_deadline;
    net::time_source::time_point news;  // when its runner spoke of it
  };

  // What of one runner token stands at this server.
  struct attention {
    net::time_source::time_point last;  // when a request for a job came or ended
    unsigned standing = 0;
  };

  gitlab_world(asio::any_io_executor executor, net::time_source& time, chance& random, weather how,
               fault_counts& counts);

  awaitable<void> handle(net::http_exchange& exchange);

  void add(simulated_job job);
  // As a person would: canceling (the runner is told and runs after_script) or canceled at once.
  void cancel(std::int64_t id, bool gracefully);
  void set_weather(weather how) { weather_ = how; }
  // What happens by itself as time passes.
  void sweep();

  std::map<std::int64_t, job> const& jobs() const { return jobs_; }
  bool all_ended() const;
  // By runner token.
  std::map<std::string, attention> const& asked() const { return asked_; }
  std::size_t held_polls() const { return held_; }
  // What the runner did that it must not do.
  std::vector<std::string> const& breaches() const { return breaches_; }
  static std::string_view name(status what);

  std::function<void(std::string const&)> log;

 private:
  struct answer;
  awaitable<answer> serve(net::http_exchange& exchange, std::string const& body);
  awaitable<answer> request(boost::json::object const& body);
  awaitable<answer> hold_request(boost::json::object const& body);
  answer update(job& at, boost::json::object const& body);
  answer final_update(job& at, boost::json::object const& body, std::string const& state);
  answer patch(job& at, net::http_exchange const& exchange, std::string const& body);
  std::optional<answer> trouble();
  job* next_job();
  void breach(std::string text);

  net::time_source& time_;
  chance& random_;
  weather weather_;
  fault_counts& counts_;
  std::map<std::int64_t, job> jobs_;
  std::map<std::string, attention> asked_;
  std::size_t held_ = 0;
  std::uint64_t queue_value_ = 1;
  net::event queue_moved_;
  std::vector<std::string> breaches_;
};

}  // namespace corunner::simulation
