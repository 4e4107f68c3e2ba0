#pragma once

#include "net/time_source.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::coordinator {

// A deviation from good behaviour that a client must survive (runners-api.md 7), for tests.
//
// The first fault that fits a request and has turns left decides its answer; requests are told
// apart by the endpoint's name: request_job, update_job, append_trace, upload_artifacts,
// download_artifacts, verify, register, reset_token, git, or "*" for all.
struct fault {
  std::string endpoint;
  int times = 1;       // turns left; negative: always
  int skip = 0;        // requests let through before the first turn
  // From the first turn on every request that fits has a turn for so long; 0: `times` decides.
  std::chrono::milliseconds lasting{0};
  std::string
      state;  // update_job only: fits this `state` alone (running, success, failed); empty: any
  std::int64_t job = 0;  // fits the calls of this job alone; 0: any
  std::string token;     // fits requests with this token in their body alone; empty: any

  std::chrono::milliseconds delay{0};  // before anything else
  bool perform = false;                // do what the request asks before answering falsely
  bool drop = false;                   // end the connection instead of answering
  int status = 0;  // answer this; 0: the true answer (changed by what stands below)
  std::optional<std::string> body;     // of the false answer; else the usual text of that status
  std::optional<std::string> content_type;  // of a false answer without it: application/json
  std::optional<std::uint64_t> cut;    // the body ends after so many bytes, as if that were all
  std::chrono::milliseconds trickle{0};  // the body takes so long, in pieces

  std::string job_status;                   // Job-Status
  std::optional<int> interval;              // X-GitLab-Trace-Update-Interval, seconds
  std::optional<std::uint64_t> range_end;   // Range: 0-<n>, with status 416
  std::optional<int> retry_after;           // Retry-After, seconds
  std::string location;                     // Location, with a 3xx
};

// What tells one request from another.
struct fault_subject {
  std::string_view endpoint;
  std::string_view state = {};
  std::int64_t job = 0;
  std::string_view token = {};
};

// The faults that were ordered, in order, with what became of them.
class fault_plan {
 public:
  using time_point = net::time_source::time_point;

  struct entry {
    fault what;
    int turns = 0;  // requests that were answered falsely
    int later = 0;  // requests that fitted when no turn was left
    std::optional<time_point> end;  // of a fault that lasts
  };

  void add(fault what) { entries_.push_back({std::move(what), 0, 0, std::nullopt}); }
  void clear() { entries_.clear(); }
  // Whether any was ordered, also when it has no turn left.
  bool any() const { return !entries_.empty(); }
  std::vector<entry> const& entries() const { return entries_; }

  // The fault for this request, one of its turns spent.
  std::optional<fault> take(fault_subject const& request, time_point now);

 private:
  std::vector<entry> entries_;
};

}  // namespace corunner::coordinator
