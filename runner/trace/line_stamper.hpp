#pragma once

#include "net/time_source.hpp"
#include "runner/trace/byte_sink.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace corunner {

// Which stream a line belongs to, as its header tells: "00O", "01O", "01E".
struct stream_name {
  unsigned char id = 0;  // 0: the runner's own lines, 1: scripts, 15 and up: services
  char channel = 'O';    // O or E
};

// Puts a header before every line: time, stream, and whether the line continues the one before of
// the same stream ('+') or not (' '). Lines leave in one piece, those of one write together.
//
// put() gives parts of a write, end_write() ends it: a line without its line feed waits for the
// next write, unless it holds a carriage return (progress bars) or is longer than 8192 bytes. With
// `enabled` false bytes only wait for end_write(). Wire: job-lifecycle.md 11.4.
class line_stamper final : public byte_sink {
 public:
  line_stamper(bool enabled, stream_name stream, net::time_source const& time, byte_sink& next);

  void put(std::string_view bytes) override;
  void end_write();
  // Writes what waits, as a line of its own.
  void finish();

 private:
  void begin_line(std::string& into);
  void flush_line();

  bool enabled_;
  stream_name stream_;
  net::time_source const& time_;
  byte_sink& next_;
  std::string header_;      // of this write; empty until it is needed
  std::string line_;        // begun, without its line feed
  std::string out_;         // complete lines of this write
  bool saw_return_ = false;  // line_ holds a carriage return
  bool continues_ = false;   // the next header has '+'
};

// "2026-01-02T03:04:05.000001Z"
std::string trace_time(net::time_source::wall_time when);

}  // namespace corunner
