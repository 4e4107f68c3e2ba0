#pragma once

#include "config/secret.hpp"
#include "net/asio.hpp"
#include "runner/gitlab/failure_reason.hpp"
#include "runner/gitlab/job_payload.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace corunner::gitlab {

// Which job a call is about and what proves our right to it.
struct job_key {
  std::int64_t id = 0;
  secret token;
};

// --- POST jobs/request ----------------------------------------------------------------------

// A job that was handed to us, with what the answer told beside it.
struct received_job {
  job_payload payload;
  std::string correlation_id;  // of the request; git fetches may send it on
  std::string ca_chain;        // PEM for the job's own calls to the server; empty over plain HTTP
};

// A terminal session that the runner offers with its poll.
struct session_offer {
  std::string url;
  std::string certificate;
  secret authorization;
};

// How to ask for a job.
struct poll_request {
  // Sends last_update, so that the server may hold the request until there is work
  // (protocol.md 3.3).
  bool may_hold = true;
  std::optional<session_offer> session;
};

// What a poll brought (protocol.md 3.4).
struct poll_answer {
  enum class kind {
    job,           // `job` is complete
    broken_job,    // `job` has id and token, `message` says what is wrong: report it as failed
    none,          // no work
    forbidden,     // the token is not (or no longer) accepted
    unavailable,   // 503
    conflict,      // 409, usual under load
    failed,        // any other status or a transport error
    client_error,  // the URL of this runner cannot be used
  };
  kind what = kind::none;
  std::optional<received_job> job;
  std::string message;   // for the log, with every kind but job and none
  bool knows_last_update = false;  // the next poll could be held
  bool held =
      false;  // last_update was sent and none came back: the server held it, or its queue moved
  std::string correlation_id;  // of the request
  bool retried = false;  // the server asked for a pause at least once (protocol.md 7.4)

  // Only a refused token and an unusable URL count against a runner's health.
  bool healthy() const { return what != kind::forbidden && what != kind::client_error; }
};

// --- PUT jobs/:id ---------------------------------------------------------------------------

enum class job_state { pending, running, success, failed };
std::string_view to_string(job_state state);

struct job_update {
  job_state state = job_state::running;
  failure_reason reason = failure_reason::none;  // as it goes out: see reported_reason
  std::string checksum;                          // "crc32:...." of the log; empty: not told
  std::uint64_t bytesize = 0;
  std::int32_t exit_code = 0;
  std::string runtime_environment_key;
};

// What the server wants besides its answer to a call about a job.
struct job_signals {
  bool canceling = false;                              // Job-Status: canceling
  std::optional<std::chrono::seconds> trace_interval;  // X-GitLab-Trace-Update-Interval, when > 0
};

// What an answer says beside its meaning, for the log.
struct answer_note {
  std::string correlation_id;  // of the request
  std::string job_status;      // Job-Status
  std::string stored;          // Range, of a patch: "0-1105"
};

struct update_answer {
  enum class kind {
    succeeded,  // 200
    accepted,   // 202: ask again, the server is still storing the log
    log_wrong,  // 412: send the whole log again, then ask again
    aborted,    // the job is not ours any more (403, 404, Job-Status: canceled or failed)
    failed,     // anything else; `message` says what
  };
  kind what = kind::failed;
  int status = 0;  // below 0: no answer
  job_signals signals;
  std::string message;
  // The answer names the job's state, and not "pending", or there is nobody to ask. Without, a
  // refusal may be that of a server that waits for the job to be accepted, or come from something
  // in between that does not know the job.
  bool certain = false;
  answer_note note;
};

// --- PATCH jobs/:id/trace -------------------------------------------------------------------

struct trace_patch {
  std::uint64_t offset = 0;
  std::string bytes;  // at most trace_patch_limit; nothing is sent when empty
  bool debug = false;
};

inline constexpr std::size_t trace_patch_limit = 1024 * 1024;

struct patch_answer {
  enum class kind {
    stored,     // 202
    not_found,  // 404
    mismatch,   // 416: go on from `offset`
    aborted,    // as update_answer
    refused,    // 4xx that will not get better by repeating
    failed,     // transport error, 5xx, 429
  };
  kind what = kind::failed;
  int status = 0;            // as update_answer
  std::uint64_t offset = 0;  // mismatch: how many bytes the server holds
  job_signals signals;
  std::string message;
  bool certain = false;  // as update_answer
  answer_note note;
};

// --------------------------------------------------------------------------------------------

// The calls that make up the life of a job, as the manager and the trace uploader see them. The
// program uses api_client (api_client.hpp); a test may use its own. Each call contains the inner
// retries of protocol.md 1.9 and returns an outcome; none throws, except that a cancelled call ends
// with operation_aborted thrown at the caller's next await, as everywhere.
class job_api {
 public:
  virtual ~job_api() = default;

  // May be held by the server for a minute; cancel it to stop waiting.
  virtual awaitable<poll_answer> request_job(poll_request how) = 0;
  virtual awaitable<update_answer> update_job(job_key const& job, job_update update) = 0;
  virtual awaitable<patch_answer> patch_trace(job_key const& job, trace_patch patch) = 0;
};

}  // namespace corunner::gitlab
