#pragma once

#include "config/failure.hpp"
#include "config/time_zone.hpp"

#include <bitset>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::config {

// Which language a pattern is written in, and what it means to be in its time
// (config.md 11.4, 11.5).
enum class cron_dialect {
  // [[runners.machine.autoscaling]], job_queuing_durations: 5 to 7 fields with seconds and years.
  // In
  // time is who is at most one second before a match, so that only "*" seconds describe a span.
  seconds,
  // Policies of the autoscalers: 5 fields; in time is every instant of a matching minute.
  minutes,
};

// A compiled pattern, told in local time. Sets hold the values of a field.
struct cron_pattern {
  std::bitset<60> seconds;
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;   // of the month
  std::bitset<13> months;
  std::bitset<7> weekdays;  // 0: Sunday
  std::bitset<130> years;  // since 1970
  bool days_given = false;        // restricted by day of the month, ...
  bool weekdays_given = false;    // ... of the week: with both, either may match
  bool last_day = false;          // L
  bool last_workday = false;      // LW
  std::bitset<32> near_workdays;  // <day>W
  std::bitset<7> last_weekdays;   // <day>L
  std::bitset<35> nth_weekdays;   // <day>#<n>: 7 * (n - 1) + day

  bool matches_day(civil_time const& when) const;
  bool matches(civil_time const& when) const;
};

// Failure: the cause, with the pattern or the field.
outcome<cron_pattern> parse_cron(std::string_view text, cron_dialect dialect);

// Patterns of which any may match, in one time zone. Pure: the time is the caller's.
class time_periods {
 public:
  using time_point = std::chrono::system_clock::time_point;

  // `zone`: an IANA name; "": the host's. Failure: the first pattern or zone that is none.
  static outcome<time_periods> compile(std::span<std::string const> patterns, std::string_view zone,
                                       cron_dialect dialect, zone_files const& files);

  bool contains(time_point now) const;
  // The first instant after `now` at which contains() changes; nothing: not within ten years.
  std::optional<time_point> next_change(time_point now) const;

 private:
  // A stretch of seconds in which the answer stands still.
  struct stretch {
    bool matches = false;
    std::int64_t length = 1;
  };
  stretch stretch_at(std::int64_t second) const;
  std::int64_t asked_second(time_point now) const;

  std::vector<cron_pattern> patterns_;
  std::shared_ptr<time_zone const> zone_;
  cron_dialect dialect_ = cron_dialect::seconds;
};

}  // namespace corunner::config
