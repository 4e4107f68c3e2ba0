#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::exec {

// One line of a dummy script, taken apart.
struct dummy_command {
  enum class kind {
    print, error, raw, repeat, sleep, exit, signal, hang, stubborn, leak, fail, nothing, unknown
  };
  kind what = kind::nothing;
  std::string text;                   // what to show; the word itself when unknown
  int number = 0;                     // exit code, signal, or how often
  std::chrono::milliseconds time{0};  // how long
};

// A line that is blank, a comment or `true` is nothing. A command with a bad argument is unknown.
dummy_command parse_dummy_command(std::string_view line);

// "1.5s", "20ms", "2m", "1h", or plain seconds.
std::optional<std::chrono::milliseconds> parse_dummy_time(std::string_view text);

}  // namespace corunner::exec
