#pragma once

#include "config/secret.hpp"
#include "net/time_source.hpp"
#include "runner/observe/log_filters.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace corunner {

// Severities, most severe first. `panic` is a name only: an ordinary fatal error of `register`.
enum class log_level { panic, fatal, error, warning, info, debug, trace };

enum class log_format { runner, text, json };

// "panic fatal error warn warning info debug trace" in any case; nothing for other text.
std::optional<log_level> parse_log_level(std::string_view name);
std::string_view name_of(log_level level);

// "runner", "text", "json", exactly; nothing for other text.
std::optional<log_format> parse_log_format(std::string_view name);

// A number that people know by a name: JSON has the number, the other formats the name.
struct named_number {
  std::int64_t number = 0;
  std::string name;
};

// One `name=value` of a line. Numbers and booleans stay such in the JSON format; a length of time
// is written as "1m30s", in JSON as nanoseconds; a secret as [MASKED].
struct log_field {
  using value_type =
      std::variant<std::string, std::int64_t, std::uint64_t, double, bool, std::chrono::nanoseconds,
                   named_number>;

  template <class T>
  log_field(std::string_view field_name, T&& field_value)
      : name(field_name), value(converted(std::forward<T>(field_value))) {}

  std::string name;
  value_type value;

 private:
  template <class T>
  static value_type converted(T&& from) {
    using plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<plain, bool> || std::is_floating_point_v<plain>) {
      return from;
    } else if constexpr (std::is_integral_v<plain> && std::is_signed_v<plain>) {
      return static_cast<std::int64_t>(from);
    } else if constexpr (std::is_integral_v<plain>) {
      return static_cast<std::uint64_t>(from);
    } else if constexpr (std::is_same_v<plain, named_number>) {
      return std::forward<T>(from);
    } else if constexpr (std::is_same_v<plain, secret>) {
      return std::string(from.empty() ? "" : "[MASKED]");
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      return std::string(std::string_view(from));
    } else {
      return std::chrono::duration_cast<std::chrono::nanoseconds>(from);
    }
  }
};

using log_fields = std::vector<log_field>;

// How one line is laid out (cli.md 4, observability.md 3.2). Pure: bytes out, with the newline.
struct log_line {
  log_level level = log_level::info;
  std::string_view message;
  log_fields const* fields = nullptr;  // in any order; written sorted by name
  std::chrono::system_clock::time_point time;
  std::chrono::seconds since_start{
      0};  // the number in the brackets of the text format on a terminal
  bool terminal = false;
  bool colours = true;  // the runner format has them on a terminal and elsewhere
};
std::string format_line(log_format format, log_line const& line);

// Where lines go and which, without the secrets that its filters know: these are hidden in messages
// and in the text of fields. Shared by all loggers made of it; outlives them.
class log_target {
 public:
  // Takes one whole line.
  using writer = std::function<void(std::string_view line)>;

  log_target(net::time_source const& time, writer write, bool terminal = false);

  void set_level(log_level level) { level_ = level; }
  void set_format(log_format format) { format_ = format; }
  void set_colours(bool on) { colours_ = on; }
  // What every message begins with from now on.
  void set_prefix(std::string_view text) { prefix_ = text; }
  log_level level() const { return level_; }
  log_format format() const { return format_; }
  // How many lines of that level were written so far.
  std::uint64_t written(log_level level) const { return written_[static_cast<std::size_t>(level)]; }
  log_filters& filters() { return filters_; }
  // Takes every line of info and above that is written, too, laid out as text without colours.
  using mirror = std::function<void(log_level level, std::string_view line)>;
  void set_mirror(mirror also) { mirror_ = std::move(also); }

  void write(log_level level, std::string_view message, log_fields const& fields);

 private:
  net::time_source const& time_;
  writer write_;
  mirror mirror_;
  bool terminal_;
  bool colours_ = true;
  std::string prefix_;
  log_level level_ = log_level::info;
  log_format format_ = log_format::runner;
  net::time_source::time_point start_;
  log_filters filters_;
  std::array<std::uint64_t, 7> written_{};  // by level
};

// A writer to standard error: one write(2) a line, so lines of several processes do not mix. A
// reader that has gone away is not an error of ours.
log_target::writer standard_error();
bool standard_error_is_terminal();

// Writes lines with some fields of its own (runner, job, ...) in front. Cheap to copy.
class logger {
 public:
  explicit logger(log_target& target) : target_(&target) {}

  // The same with more fields; a later field of the same name wins.
  logger with(log_fields more) const;

  void log(log_level level, std::string_view message, log_fields fields = {}) const;
  void debug(std::string_view message, log_fields fields = {}) const {
    log(log_level::debug, message, std::move(fields));
  }
  void info(std::string_view message, log_fields fields = {}) const {
    log(log_level::info, message, std::move(fields));
  }
  void warning(std::string_view message, log_fields fields = {}) const {
    log(log_level::warning, message, std::move(fields));
  }
  void error(std::string_view message, log_fields fields = {}) const {
    log(log_level::error, message, std::move(fields));
  }
  // Only writes; ending the program with exit code 1 is for the command that returns next.
  void fatal(std::string_view message, log_fields fields = {}) const {
    log(log_level::fatal, message, std::move(fields));
  }
  void panic(std::string_view message, log_fields fields = {}) const {
    log(log_level::panic, message, std::move(fields));
  }

  bool shows(log_level level) const { return level <= target_->level(); }
  log_target& target() const { return *target_; }

 private:
  log_target* target_;
  std::shared_ptr<log_fields const> own_;
};

}  // namespace corunner
