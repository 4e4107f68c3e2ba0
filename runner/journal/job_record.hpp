#pragma once

#include "config/secret.hpp"
#include "exec/leftover.hpp"
#include "net/dialer.hpp"
#include "net/time_source.hpp"
#include "runner/journal/log_mark.hpp"
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
  std::string machine_start;       // journal_storage::machine_start() of then
  unsigned final_update_tries = 0;
  net::time_source::wall_time taken;  // to the second

  // Written as it went on.
  bool accepted = false;           // the server knows that we run it
  std::vector<exec::leftover> created;
  std::uint64_t acknowledged = 0;  // bytes of its log that the server has
  std::vector<log_mark>
      marks;  // what its log was, in order; once it has ended the last is all of it
  std::optional<job_end> end;      // its work was done, and this came of it
  bool ended_by_restart = false;   // a later process gave it this end
  bool log_damaged = false;        // a later process found that
};

// The lines of a record's file. Each stands for itself and carries its own checksum, so that lines
// that were torn or lost spoil no other: "<crc32 of the rest, 8 hexadecimal digits> <JSON>\n".
std::string began_line(job_record const& job);
std::string accepted_line();
std::string created_line(exec::leftover const& what);
std::string acknowledged_line(std::uint64_t bytes, log_mark const& log);
std::string ended_line(job_end const& how, log_mark const& log);
// The end that a later process found or gave, with what it found of the log, without its own last
// words: earlier marks do not count any more. The job has an end.
std::string recovered_line(job_record const& job, log_mark const& log);

// What the whole lines tell; nothing when the first one, began_line(), is not among them.
std::optional<job_record> read_record(std::string_view text);

}  // namespace corunner
