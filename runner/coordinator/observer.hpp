#pragma once

#include "net/time_source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::coordinator {

using wall_time = net::time_source::wall_time;

// A job as it is now, for whoever looks on (a live view, a list, a test).
struct job_view {
  std::int64_t id = 0;
  std::int64_t pipeline_id = 0;
  std::string name;
  std::string stage;
  std::string status;          // created, pending, running, success, ... (local-pipelines.md 10.1)
  std::string failure_reason;  // when failed
  std::optional<int> exit_code;
  bool allow_failure = false;
  bool retried = false;  // replaced by a newer job of the same name
  std::vector<std::string> tags;
  std::int64_t runner_id = 0;  // 0: none yet
  std::optional<wall_time> queued_at;
  std::optional<wall_time> started_at;
  std::optional<wall_time> finished_at;
  std::uint64_t trace_size = 0;    // bytes received
  std::uint32_t trace_crc32 = 0;   // of the bytes as received
  std::optional<bool>
      trace_intact;  // what the runner declared at the end equals what came; empty: not told
};

struct pipeline_view {
  std::int64_t id = 0;
  std::int64_t project_id = 0;
  std::string status;
  std::string ref;
  std::string sha;
  std::string source;

  // Nothing will happen any more without a person (a manual job to play) or a delayed job's time.
  bool finished() const {
    return status == "success" || status == "failed" || status == "canceled" || status == "skipped";
  }
  bool blocked() const { return status == "manual"; }
};

// Is told what happens, on the loop, after it was stored. Calls must be quick and must not call the
// server back; post work instead.
class observer {
 public:
  virtual ~observer() = default;
  virtual void job_changed(job_view const&) {}
  // Bytes of a job's trace that were just accepted, `offset` bytes into it.
  virtual void trace_appended(std::int64_t job, std::uint64_t offset, std::string_view bytes) {
    (void)job, (void)offset, (void)bytes;
  }
  // A new status of the pipeline, the last one when it is finished().
  virtual void pipeline_changed(pipeline_view const&) {}
};

}  // namespace corunner::coordinator
