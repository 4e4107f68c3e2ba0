#pragma once

#include "test/system/support/http_peer.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace corunner::test {

// A GitLab in the test itself that hands out the jobs that it was given, in order, and takes
// whatever the runner sends. For what a real one cannot be brought to say.
class scripted_gitlab {
 public:
  struct call {
    std::string method;
    std::string path;
    std::string body;
  };

  explicit scripted_gitlab(event_loop& loop);

  // The job that is asked for next but for those before; its id. Nothing is fetched for it.
  // `more` replaces members of the payload, or of its job_info.
  std::int64_t give(std::vector<std::string> script, boost::json::object more = {});

  std::string url() const { return peer_.url(); }
  std::vector<call> const& calls() const { return calls_; }
  // Whether the job's last update said so ("success", "failed").
  bool ended_as(std::int64_t job, std::string const& state) const;
  // The statuses of the next polls, before jobs are given; each stands for one attempt.
  std::deque<int> poll_statuses;

 private:
  awaitable<void> handle(net::http_exchange& exchange);

  std::deque<std::string> jobs_;
  std::int64_t last_id_ = 100;
  std::vector<call> calls_;
  http_peer peer_;
};

}  // namespace corunner::test
