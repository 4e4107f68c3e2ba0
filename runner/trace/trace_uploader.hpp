#pragma once

#include "net/asio.hpp"
#include "net/blocking_pool.hpp"
#include "net/event.hpp"
#include "net/time_source.hpp"
#include "runner/gitlab/job_api.hpp"
#include "runner/trace/log_source.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace corunner {

struct uploader_options {
  gitlab::job_key job;
  bool debug_trace = false;            // the log may show secrets: the server restricts who sees it
  std::chrono::milliseconds interval{3'000};     // until the server says another
  std::chrono::milliseconds force_send{30'000};  // a silent job is touched this often
  bool dynamic_force_send = false;     // FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL: 4 x interval
  // [[runners]] job_status_final_update_retry_limit; 0: as long as the server would wait for us.
  unsigned final_update_tries = 0;
  std::uint64_t acknowledged = 0;      // bytes of the log that the server has already
  bool may_be_unaccepted = false;  // accept() was called by an earlier process, and not answered
  // Told once when it is certain that the server knows of the acceptance; may be empty.
  std::function<void()> accepted;
  // Told how many bytes of the log the server has, whenever that changes; may be empty.
  std::function<void(std::uint64_t bytes)> stored;
};

// What the server made of our acceptance of a job.
enum class acceptance {
  go,         // run it (also when the server gave no clear answer)
  canceling,  // end it as failed, job_canceled
  aborted,    // drop it silently, without a final update
};

// The end of a job as the server shall know it.
struct job_end {
  bool success = false;
  gitlab::failure_reason reason = gitlab::failure_reason::none;  // already mapped
  std::int32_t exit_code = 0;
  std::string runtime_environment_key;
};

// How the final update ended.
struct delivery {
  enum class kind {
    delivered,  // the server has state and log
    refused,    // the server does not want them any more
    lost,       // no definite answer in all tries
  };
  kind what = kind::lost;
  std::string message;
};

// Brings a job's log to the server while it grows, keeps the job alive with touches, learns of
// cancellation, and delivers the end.
//
// An acceptance without a clear answer does not hold the job up; as long as the server may wait for
// it, it is repeated by touches, and when the server refuses what follows. Invariants: bytes [0,
// sent) are acknowledged; at most one request is in flight; requests other than full patches are
// never closer together than the server's interval. Wire: PATCH jobs/:id/trace and PUT jobs/:id,
// protocol.md 4 and 5.
//
// Order of use: accept(); run() in the job's task group; finish() once the log is closed, after
// which run() has ended by itself. All references must outlive the object.
class trace_uploader {
 public:
  trace_uploader(asio::any_io_executor executor, net::time_source& time, net::blocking_pool& pool,
                 gitlab::job_api& api, log_source& trace, uploader_options options);
  ~trace_uploader();

  awaitable<acceptance> accept();
  awaitable<void> run();
  awaitable<delivery> finish(job_end how);

  // Set once when the server asks for a graceful end / has no interest in the job any more. Sticky.
  net::event& canceled();
  net::event& aborted();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace corunner
