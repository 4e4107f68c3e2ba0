#include "config/cron.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <map>

using namespace corunner;
using namespace std::chrono_literals;
using config::cron_dialect;

namespace {

using time_point = std::chrono::system_clock::time_point;

time_point utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0,
               int second = 0) {
  return std::chrono::sys_days(std::chrono::year(year) / month / day) + hour * 1h + minute * 1min +
         second * 1s;
}

// A zone file (RFC 8536) without transitions, only the rule of its footer.
std::string zone_file(std::string const& rule) {
  std::string const reserved(15, '\0');
  std::string const counts("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4", 24);
  std::string const body("\0\0\0\0\0\0UTC\0", 10);
  auto const block = "TZif2" + reserved + counts + body;
  return block + block + '\n' + rule + '\n';
}

// The files of a host in memory.
struct host {
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> files{
      {"/usr/share/zoneinfo/UTC", zone_file("UTC0")},
      {"/usr/share/zoneinfo/Europe/Berlin", zone_file("CET-1CEST,M3.5.0,M10.5.0/3")},
      {"/usr/share/zoneinfo/America/New_York", zone_file("EST5EDT,M3.2.0,M11.1.0")},
      {"/usr/share/zoneinfo/Asia/Kathmandu", zone_file("<+0545>-5:45")},
      {"/usr/share/zoneinfo/Australia/Sydney", zone_file("AEST-10AEDT,M10.1.0,M4.1.0/3")}};

  config::zone_files zones() const {
    return {[this](std::string_view name) { return find(variables, std::string(name)); },
            [this](std::filesystem::path const& file) { return find(files, file.string()); }};
  }

 private:
  static std::optional<std::string> find(std::map<std::string, std::string> const& in,
                                         std::string const& name) {
    auto const found = in.find(name);
    return found == in.end() ? std::nullopt : std::optional(found->second);
  }
};

config::time_periods periods(std::vector<std::string> const& patterns, cron_dialect dialect,
                             std::string const& zone = "UTC") {
  auto made = config::time_periods::compile(patterns, zone, dialect, host().zones());
  REQUIRE(made.has_value());
  return *std::move(made);
}

bool in_seconds(std::string const& pattern, time_point when) {
  return periods({pattern}, cron_dialect::seconds).contains(when);
}

std::string refusal(std::string const& pattern, cron_dialect dialect) {
  auto const made = config::parse_cron(pattern, dialect);
  return made ? "" : made.error().message;
}

}  // namespace

TEST_CASE("a pattern of 7 fields describes a span, without its last second", "[config][cron]") {
  auto const pattern = "* * 9-17 * * mon-fri *";
  // 2026-01-05 is a Monday.
  CHECK_FALSE(in_seconds(pattern, utc(2026, 1, 5, 8, 59, 58)));
  CHECK(in_seconds(pattern, utc(2026, 1, 5, 8, 59, 59)));
  CHECK(in_seconds(pattern, utc(2026, 1, 5, 9)));
  CHECK(in_seconds(pattern, utc(2026, 1, 5, 17, 59, 58)));
  CHECK_FALSE(in_seconds(pattern, utc(2026, 1, 5, 17, 59, 59)));
  CHECK_FALSE(in_seconds(pattern, utc(2026, 1, 4, 12)));
}

TEST_CASE("without a field of seconds a minute matches in one second", "[config][cron]") {
  for (std::string const pattern : {"* * * * *", "* * * * * *", "* * * * * 2026"}) {
    CAPTURE(pattern);
    CHECK(in_seconds(pattern, utc(2026, 1, 5, 9, 0, 59)));
    CHECK_FALSE(in_seconds(pattern, utc(2026, 1, 5, 9, 1, 0)));
    CHECK_FALSE(in_seconds(pattern, utc(2026, 1, 5, 9, 1, 30)));
  }
}

TEST_CASE("values, names, ranges, steps, lists and special days", "[config][cron]") {
  auto const [pattern, inside, outside] = GENERATE(table<std::string, time_point, time_point>({
      {"* 5 * * * * *", utc(2026, 1, 1, 0, 5), utc(2026, 1, 1, 0, 6)},
      {"* 10-12 * * * * *", utc(2026, 1, 1, 0, 12), utc(2026, 1, 1, 0, 13)},
      {"* */20 * * * * *", utc(2026, 1, 1, 0, 40), utc(2026, 1, 1, 0, 41)},
      {"* 50/4 * * * * *", utc(2026, 1, 1, 0, 58), utc(2026, 1, 1, 0, 46)},
      {"* 10-20/5 * * * * *", utc(2026, 1, 1, 0, 15), utc(2026, 1, 1, 0, 25)},
      {"* 1,30-31 * * * * *", utc(2026, 1, 1, 0, 31), utc(2026, 1, 1, 0, 2)},
      {"* * * * FEB,october * *", utc(2026, 10, 1), utc(2026, 1, 1)},
      {"* * * * * Sat,sunday *", utc(2026, 1, 4), utc(2026, 1, 5)},
      {"* * * * * 7 *", utc(2026, 1, 4), utc(2026, 1, 5)},
      {"* * * ? * 1 *", utc(2026, 1, 5), utc(2026, 1, 6)},
      {"* * * L * * *", utc(2028, 2, 29), utc(2028, 2, 28)},
      {"* * * LW * * *", utc(2026, 1, 30), utc(2026, 1, 31)},     // the 31st is a Saturday
      {"* * * 3W * * *", utc(2026, 1, 2), utc(2026, 1, 3)},       // a Saturday, too
      {"* * * 1W * * *", utc(2026, 8, 3), utc(2026, 8, 1)},       // not in the month before
      {"* * * 31W * * *", utc(2026, 5, 29), utc(2026, 5, 31)},    // nor behind
      {"* * * * * 5L *", utc(2026, 1, 30), utc(2026, 1, 23)},
      {"* * * * * mon#2 *", utc(2026, 1, 12), utc(2026, 1, 5)},
      {"* * * 13 * fri *", utc(2026, 1, 13), utc(2026, 1, 14)},   // either may match
      {"* * * 13 * fri *", utc(2026, 1, 16), utc(2026, 1, 15)},
      {"* * * * * * 2027", utc(2027, 6, 1), utc(2026, 6, 1)},
      {"@daily", utc(2026, 1, 1, 23, 59, 59), utc(2026, 1, 1)},
      {"@hourly", utc(2026, 1, 1, 4, 59, 59), utc(2026, 1, 1, 4)},
      {"@weekly", utc(2026, 1, 3, 23, 59, 59), utc(2026, 1, 4, 23, 59, 59)},
      {"@yearly", utc(2026, 12, 31, 23, 59, 59), utc(2026, 1, 31, 23, 59, 59)},
  }));
  CAPTURE(pattern);
  CHECK(in_seconds(pattern, inside));
  CHECK_FALSE(in_seconds(pattern, outside));
}

TEST_CASE("a range that ends before it begins is empty, without an error", "[config][cron]") {
  auto const pattern = GENERATE("* * * * * fri-mon *", "* * 22-6 * * * *", "* * * * * sat-sun *",
                                "* * * * * 1-7 *");
  auto const never = periods({pattern}, cron_dialect::seconds);
  CHECK_FALSE(never.contains(utc(2026, 1, 2, 23)));
  CHECK_FALSE(never.next_change(utc(2026, 1, 2, 23)));
}

TEST_CASE("what is no pattern is refused with its field", "[config][cron]") {
  auto const [pattern, dialect, why] = GENERATE(table<std::string, cron_dialect, std::string>({
      {"", cron_dialect::seconds, "missing field(s)"},
      {"* * * *", cron_dialect::seconds, "missing field(s)"},
      {"@reboot", cron_dialect::seconds, "missing field(s)"},
      {"60 * * * *", cron_dialect::seconds, "syntax error in minute field: '60'"},
      {"* * * foo *", cron_dialect::seconds, "syntax error in month field: 'foo'"},
      {"* * 0 * *", cron_dialect::seconds, "syntax error in day-of-month field: '0'"},
      {"* * * * 8", cron_dialect::seconds, "syntax error in day-of-week field: '8'"},
      {"* * * * mon#6", cron_dialect::seconds, "syntax error in day-of-week field: 'mon#6'"},
      {"*/0 * * * *", cron_dialect::seconds, "invalid interval */0"},
      {"*/60 * * * *", cron_dialect::seconds, "invalid interval */60"},
      {"1- * * * *", cron_dialect::seconds, "syntax error in minute field: '1-'"},
      {"-1 * * * *", cron_dialect::seconds, "syntax error in minute field: '-1'"},
      {", * * * *", cron_dialect::seconds, "minute field: missing directive"},
      {"* * * * * *", cron_dialect::minutes, "expected 5 fields, found 6"},
      {"* * L * *", cron_dialect::minutes, "syntax error in day-of-month field: 'l'"},
      {"* * * *", cron_dialect::minutes, "missing field(s)"},
  }));
  CAPTURE(pattern);
  CHECK(refusal(pattern, dialect) == why);
}

TEST_CASE("a policy's pattern is a range of time: each instant of a matching minute",
          "[config][cron]") {
  auto const work = periods({"* 8-15 * * mon-fri"}, cron_dialect::minutes);
  CHECK_FALSE(work.contains(utc(2026, 1, 5, 8) - 1ns));
  CHECK(work.contains(utc(2026, 1, 5, 8)));
  CHECK(work.contains(utc(2026, 1, 5, 15, 59, 59)));
  CHECK_FALSE(work.contains(utc(2026, 1, 5, 16)));
  CHECK_FALSE(work.contains(utc(2026, 1, 3, 12)));
  CHECK(work.next_change(utc(2026, 1, 5, 7, 59, 59)) == utc(2026, 1, 5, 8));
  CHECK(work.next_change(utc(2026, 1, 5, 8)) == utc(2026, 1, 5, 16));
  CHECK(work.next_change(utc(2026, 1, 9, 16)) == utc(2026, 1, 12, 8));
  // More than seven fields or less are nothing new for the other dialect: the rest is ignored.
  CHECK(in_seconds("* * * * * * * * *", utc(2026, 1, 5)));
}

TEST_CASE("of several patterns any may match, and none of them changes it alone",
          "[config][cron]") {
  auto const day = periods({"* 8-11 * * *", "* 12-15 * * *"}, cron_dialect::minutes);
  CHECK(day.next_change(utc(2026, 1, 5, 9)) == utc(2026, 1, 5, 16));
  auto const always = periods({"* * * * *"}, cron_dialect::minutes);
  CHECK(always.contains(utc(2026, 1, 5)));
  CHECK_FALSE(always.next_change(utc(2026, 1, 5)));
  auto const leap = periods({"* * 29 2 *"}, cron_dialect::minutes);
  CHECK(leap.next_change(utc(2026, 1, 5)) == utc(2028, 2, 29));
}

TEST_CASE("the change of the 7-field dialect is where its answer changes", "[config][cron]") {
  auto const work = periods({"* * 9-17 * * * *"}, cron_dialect::seconds);
  auto const begins = work.next_change(utc(2026, 1, 5));
  CHECK(begins == utc(2026, 1, 5, 8, 59, 59));
  CHECK_FALSE(work.contains(*begins - 1ns));
  CHECK(work.contains(*begins));
  auto const ends = work.next_change(*begins);
  CHECK(ends == utc(2026, 1, 5, 17, 59, 59));
  CHECK(work.contains(*ends - 1ns));
  CHECK_FALSE(work.contains(*ends));
}

TEST_CASE("periods are told in their time zone, also when clocks are changed", "[config][cron]") {
  auto const berlin = periods({"* 8-15 * * *"}, cron_dialect::minutes, "Europe/Berlin");
  CHECK(berlin.next_change(utc(2026, 1, 5)) == utc(2026, 1, 5, 7));   // +01:00
  CHECK(berlin.next_change(utc(2026, 7, 5)) == utc(2026, 7, 5, 6));   // +02:00
  // On 2026-03-29 02:00 becomes 03:00: the night has 7 hours less one.
  CHECK(berlin.next_change(utc(2026, 3, 28, 20)) == utc(2026, 3, 29, 6));
  // On 2026-10-25 03:00 becomes 02:00.
  CHECK(berlin.next_change(utc(2026, 10, 24, 20)) == utc(2026, 10, 25, 7));

  // An hour that there is not has no period; one that is there twice has two.
  auto const two = periods({"* 2 * * *"}, cron_dialect::minutes, "Europe/Berlin");
  CHECK(two.next_change(utc(2026, 3, 28, 2)) == utc(2026, 3, 30, 0));
  CHECK(two.next_change(utc(2026, 10, 24, 2)) == utc(2026, 10, 25, 0));
  CHECK(two.next_change(utc(2026, 10, 25, 0)) == utc(2026, 10, 25, 2));

  auto const sydney = periods({"* 8-15 * * *"}, cron_dialect::minutes, "Australia/Sydney");
  CHECK(sydney.next_change(utc(2026, 1, 5)) == utc(2026, 1, 5, 5));   // until 16:00 +11:00
  CHECK(sydney.next_change(utc(2026, 7, 5)) == utc(2026, 7, 5, 6));   // until 16:00 +10:00
  auto const kathmandu = periods({"* 8-15 * * *"}, cron_dialect::minutes, "Asia/Kathmandu");
  CHECK(kathmandu.next_change(utc(2026, 1, 5)) == utc(2026, 1, 5, 2, 15));
}
