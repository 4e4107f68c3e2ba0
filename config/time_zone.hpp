#pragma once

#include "config/failure.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::config {

// A time as clocks on the wall show it.
struct civil_time {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 4;  // 0: Sunday

  bool operator==(civil_time const&) const = default;
};

civil_time civil_of(std::int64_t local_seconds);
int days_in_month(int year, int month);

// Where zones are found: looks a variable of the environment up, and reads a file whole; nothing
// when it is not there. Tests own both.
struct zone_files {
  std::function<std::optional<std::string>(std::string_view name)> variable;
  std::function<std::optional<std::string>(std::filesystem::path const& file)> read;
};
zone_files host_zone_files();

// What local time does behind the last change that a zone file lists: a POSIX TZ text, as in the
// file's footer ("CET-1CEST,M3.5.0,M10.5.0/3").
class zone_rule {
 public:
  static std::optional<zone_rule> parse(std::string_view text);

  struct offset {
    std::int64_t seconds = 0;  // to be added to UTC
    std::int64_t until = 0;    // the first second (UTC) at which it may be another
  };
  offset offset_at(std::int64_t utc) const;

 private:
  // The day on which daylight saving time begins or ends.
  struct change {
    enum class form { day_but_leap_day, day_of_year, weekday } is = form::weekday;
    int month = 0;
    int week = 0;
    int day = 0;
    std::int64_t time = 7200;  // seconds after local midnight
  };
  static std::optional<change> parse_change(std::string_view& text);
  static std::int64_t local_second(change const& when, int year);

  std::int64_t standard_ = 0;
  std::int64_t daylight_ = 0;
  bool has_daylight_ = false;
  change start_;
  change end_;
};

// How far local time is from UTC, at any instant. Read from the compiled zone files (TZif, RFC
// 8536) that every host has: std::chrono's zones are not in the standard libraries we build with.
class time_zone {
 public:
  using offset = zone_rule::offset;

  // `name`: an IANA name, "UTC", or "" and "Local" for the host's zone ($TZ, else /etc/localtime,
  // else UTC). Zones are looked for in the directory $ZONEINFO, then where systems keep them.
  // Failure: no such zone; it says so when the host has none at all, as in an image made from
  // nothing.
  static outcome<time_zone> load(std::string_view name, zone_files const& files);

  // Reads the bytes of a zone file; nothing: it is none.
  static std::optional<time_zone> parse(std::string_view bytes);

  offset offset_at(std::int64_t utc) const;

 private:
  struct transition {
    std::int64_t at;
    std::int64_t seconds;
  };

  std::int64_t first_ = 0;  // before the first transition
  std::vector<transition> transitions_;
  std::optional<zone_rule> after_;
};

}  // namespace corunner::config
