#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::coordinator {

// A deviation from good behaviour that a client must survive (runners-api.md 7), for tests.
//
// The first fault that fits a request and has turns left decides its answer; requests are told apart
// by the endpoint's name: request_job, update_job, append_trace, upload_artifacts, download_artifacts,
// verify, register, reset_token, git, or "*" for all.
struct fault {
  std::string endpoint;
  int times = 1;       // turns left; negative: always
  int skip = 0;        // requests let through before the first turn
  std::string state;   // update_job only: fits this `state` alone (running, success, failed); empty: any

  std::chrono::milliseconds delay{0};  // before anything else
  bool perform = false;                // do what the request asks before answering falsely
  bool drop = false;                   // end the connection instead of answering
  int status = 0;                      // answer this; 0: the true answer (with what stands below added)
  std::optional<std::string> body;     // of the false answer; else the usual text of that status
  std::string content_type = "application/json";

  std::string job_status;                   // Job-Status
  std::optional<int> interval;              // X-GitLab-Trace-Update-Interval, seconds
  std::optional<std::uint64_t> range_end;   // Range: 0-<n>, with status 416
  std::optional<int> retry_after;           // Retry-After, seconds
  std::string location;                     // Location, with a 3xx
};

// The faults still to come, in order.
class fault_plan {
 public:
  void add(fault what) { faults_.push_back(std::move(what)); }
  void clear() { faults_.clear(); }
  bool empty() const { return faults_.empty(); }

  // The fault for this request, one of its turns spent.
  std::optional<fault> take(std::string_view endpoint, std::string_view state = {});

 private:
  std::vector<fault> faults_;
};

}  // namespace corunner::coordinator
