#pragma once

#include "exec/output_sink.hpp"
#include "net/asio.hpp"
#include "net/event.hpp"
#include "net/time_source.hpp"
#include "runner/trace/log_source.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

class spool;

// How the bytes of a job are made ready for the server.
struct trace_options {
  bool timestamps = true;                // FF_TIMESTAMPS
  bool sections = true;                  // features.trace_sections of the payload
  std::uint64_t limit = 4 * 1024 * 1024;  // bytes, [[runners]] output_limit x 1024
  std::vector<std::string> masked;       // values to hide, in any order, untrimmed, maybe empty
  bool encoded = true;                   // hide the encoded forms of these values, too
  std::vector<std::string> token_prefixes;  // see default_token_prefixes()
};

// The built-in prefixes; `all` is FF_MASK_ALL_DEFAULT_TOKENS. The payload's come in addition.
std::vector<std::string> default_token_prefixes(bool all);

// The log of one job: takes the runner's own lines and what scripts print, and keeps the result in
// a spool file, from which the uploader reads.
//
// Bytes pass masks, then the timestamper, then UTF-8 repair and the size limit (job-lifecycle.md
// 11). The runner's lines (stream 00), the scripts' stdout and their stderr (both 01) have filters
// of their own, so a secret is found across writes of one stream; every line reaches the spool in
// one piece. A spool that cannot store says so in the log as soon as it can again.
class job_trace final : public log_source {
 public:
  job_trace(asio::any_io_executor executor, net::time_source& time, std::unique_ptr<spool> storage,
            trace_options how);
  ~job_trace() override;
  job_trace(job_trace const&) = delete;
  job_trace& operator=(job_trace const&) = delete;

  // More values to hide, from now on (resolved secrets).
  void mask(std::vector<std::string> const& values);

  // For lines elsewhere, as those of our own log: the text without the values that this log hides,
  // nothing when it has none. Values below shortest_encoded stay: they are parts of innocent words.
  std::optional<std::string> hide(std::string_view text) const;

  // Is told the lines of the runner from now on, up to the footer: they are for our own log, too.
  enum class line_kind { plain, info, warning, error };
  void tell(std::function<void(line_kind kind, std::string_view text)> listener);

  // Lines of the runner (job-lifecycle.md 10.1): plain, green, "WARNING: ", "ERROR: ".
  awaitable<void> print(std::string_view text);
  awaitable<void> info(std::string_view text);
  awaitable<void> warning(std::string_view text);
  awaitable<void> error(std::string_view text);
  // Bytes on the runner's stream just as they are.
  awaitable<void> raw(std::string_view bytes);
  // Section markers, when the server wants them.
  awaitable<void> section_start(std::string_view name);
  awaitable<void> section_end(std::string_view name);

  // Where scripts print to. Valid as long as the trace.
  exec::output_sink& output();
  // To be called when a script has ended: what its filters hold back is written.
  awaitable<void> end_output();
  // To be called before the footer, which a peer's log viewer finds at the start of a line: what
  // the runner's own stream holds back is written, its next line continues none, and nobody is told
  // of it.
  awaitable<void> end_lines();
  // After the last line: everything held back is written, later output is dropped.
  awaitable<void> close();

  // --- for the uploader ---

  std::uint64_t size() const override;
  std::string checksum() const override;
  result<std::string> read(std::uint64_t offset, std::size_t length) const override;
  net::event& grown_to(std::uint64_t size) override;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace corunner
