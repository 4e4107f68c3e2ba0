#pragma once

#include "net/http_server.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace corunner::coordinator {

struct load_options {
  std::uint64_t jobs = 0;               // how many to hand out
  std::vector<std::string> script{"true"};
  std::vector<std::pair<std::string, std::string>> variables;  // GIT_STRATEGY=none is always there
  std::vector<std::string> masked;      // values of masked variables
  std::string image;
  std::chrono::milliseconds long_poll{50'000};
  std::chrono::seconds trace_interval{3};
};

struct load_counts {
  std::uint64_t handed_out = 0;
  std::uint64_t accepted = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t requests = 0;
  std::uint64_t patches = 0;
  std::uint64_t trace_bytes = 0;
  std::uint64_t bad_traces = 0;  // declared crc32 or length differs from what came
  std::uint64_t bad_ranges = 0;  // patches answered with 416
  std::chrono::nanoseconds first_request_to_last_end{0};
  std::chrono::nanoseconds longest_silence{0};   // of a job between acceptance and end
  std::chrono::nanoseconds longest_poll_gap{
      0};  // without a poll, held ones included, while jobs ran
};

// Hands out generated jobs from memory, to measure runners: no database, no git, no pipelines.
//
// Any runner token is good. Traces are checked (offset, crc32, length) and counted, not kept:
// memory per job is a few dozen bytes and goes when the job has ended.
class load_mode {
 public:
  load_mode(asio::any_io_executor executor, net::time_source& time, load_options options);
  ~load_mode();

  // For a net::http_server.
  awaitable<void> handle(net::http_exchange& exchange);
  // Ends held polls.
  void stop();
  // Returns when every job has ended, or operation_aborted when cancelled.
  awaitable<error_code> all_ended();
  // Also as JSON at GET /api/v4/_test/counts.
  load_counts const& counts() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace corunner::coordinator
