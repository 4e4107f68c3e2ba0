#pragma once

#include "config/secret.hpp"
#include "exec/leftover.hpp"
#include "net/dialer.hpp"
#include "net/time_source.hpp"
#include "runner/trace/trace_uploader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// What has to be known of a job to bring it to its end when we did not live to do so.
struct job_record {
  // Written when the job was taken.
  gitlab::job_key job;
  std::int64_t project = 0;
  std::string url;                 // of the runner entry
  net::tls_options tls;
  std::string runner;              // short token, for the log
  std::string runner_name;
  bool timestamps = true;          // the lines of its log have headers
  bool debug_trace = false;
  unsigned final_update_tries = 0;
  net::time_source::wall_time taken;  // to the second

  // Written as it went on.
  bool accepted = false;           // the server knows that we run it
  std::vector<exec::leftover> created;
  std::uint64_t acknowledged = 0;  // bytes of its log that the server has
  std::optional<job_end> end;      // its work was done, and this came of it
};

// The lines of a record's file. Each stands for itself and carries its own checksum, so that a file
// that was torn anywhere is good up to there: "<crc32 of the rest, 8 hexadecimal digits> <JSON>\n".
std::string began_line(job_record const& job);
std::string accepted_line();
std::string created_line(exec::leftover const& what);
std::string acknowledged_line(std::uint64_t bytes);
std::string ended_line(job_end const& how);

// What the lines tell; nothing when not even the first one is whole.
std::optional<job_record> read_record(std::string_view text);

}  // namespace corunner
