#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace corunner {

// Turns the bytes of a job's log into what a person reads, as they come.
//
// The line headers of FF_TIMESTAMPS go, continued lines are joined again, section markers vanish.
// With a prefix every line begins with it. Input may be cut anywhere; memory is bounded by the
// longest line, and that by `longest_line`. Wire: job-lifecycle.md 10.1 (sections), 11.4 (line
// headers).
class live_log {
 public:
  struct options {
    std::string prefix;  // before every line, colours included
    bool colours = true;  // false: escape sequences of colours are taken out
  };

  explicit live_log(options how);

  // The text to show now.
  std::string feed(std::string_view bytes);
  // What is left when no more will come.
  std::string finish();

 private:
  static constexpr std::size_t longest_line = 1024 * 1024;

  void line(std::string_view text, std::string& out);
  void begin_line(bool continued, std::string& out);

  options how_;
  std::string partial_;       // input since the last newline
  std::string last_stream_;   // of the text shown last
  bool open_ = false;         // text was shown whose newline is still owed
};

// `text` without section markers; `had_marker` says whether there was one.
std::string without_sections(std::string_view text, bool& had_marker);
// `text` without escape sequences of the CSI kind.
std::string without_colours(std::string_view text);

}  // namespace corunner
