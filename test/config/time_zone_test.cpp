#include "config/time_zone.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <ctime>
#include <cstdlib>
#include <map>

using namespace corunner;

namespace {

config::zone_files const nothing{[](std::string_view) { return std::nullopt; },
                                 [](std::filesystem::path const&) { return std::nullopt; }};

config::zone_files with_variable(std::string const& name, std::string const& value) {
  auto files = config::host_zone_files();
  files.variable = [=](std::string_view asked) {
    return asked == name ? std::optional(value) : std::nullopt;
  };
  return files;
}

}  // namespace

TEST_CASE("offsets of the host's zones are those of the C library", "[config][time_zone]") {
  auto const name = GENERATE("Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                             "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Casablanca",
                             "Etc/GMT+5", "Europe/Dublin", "Pacific/Apia");
  CAPTURE(name);
  auto const zone = config::time_zone::load(name, config::host_zone_files());
  REQUIRE(zone.has_value());
  ::setenv("TZ", name, 1);
  ::tzset();
  // Every 5 days and some from 1970 to 2100: behind the last listed change, too.
  for (std::time_t at = 0; at < 4'102'444'800; at += 431'111) {
    std::tm local{};
    ::localtime_r(&at, &local);
    CAPTURE(at);
    auto const offset = zone->offset_at(at);
    REQUIRE(offset.seconds == local.tm_gmtoff);
    CHECK(offset.until > at);
    auto const civil = config::civil_of(at + offset.seconds);
    REQUIRE(civil == config::civil_time{local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                                        local.tm_hour, local.tm_min, local.tm_sec, local.tm_wday});
  }
  ::unsetenv("TZ");
  ::tzset();
}

TEST_CASE("an offset holds until the instant it names", "[config][time_zone]") {
  auto const zone = config::time_zone::load("Europe/Berlin", config::host_zone_files());
  REQUIRE(zone.has_value());
  for (std::int64_t const at : {1'700'000'000L, 1'750'000'000L, 2'500'000'000L, 4'000'000'000L}) {
    auto const here = zone->offset_at(at);
    CHECK(zone->offset_at(here.until - 1).seconds == here.seconds);
    CHECK(zone->offset_at(here.until).seconds != here.seconds);
  }
}

TEST_CASE("the host's zone is TZ, then /etc/localtime, then UTC", "[config][time_zone]") {
  CHECK(config::time_zone::load("", nothing)->offset_at(0).seconds == 0);
  CHECK(config::time_zone::load("Local", with_variable("TZ", ""))->offset_at(0).seconds == 0);
  CHECK(config::time_zone::load("", with_variable("TZ", "no/such"))->offset_at(0).seconds == 0);
  auto const named = config::time_zone::load("Etc/GMT-3", config::host_zone_files());
  REQUIRE(named.has_value());
  CHECK(config::time_zone::load("", with_variable("TZ", ":Etc/GMT-3"))->offset_at(0).seconds ==
        10'800);
  CHECK(config::time_zone::load("", with_variable("TZ", "/usr/share/zoneinfo/Etc/GMT-3"))
            ->offset_at(0).seconds == 10'800);
  CHECK(config::time_zone::load("Berlin", with_variable("ZONEINFO", "/usr/share/zoneinfo/Europe"))
            ->offset_at(0).seconds == 3'600);
}

TEST_CASE("a zone that there is not is told, and so is a host without zones",
          "[config][time_zone]") {
  auto files = config::host_zone_files();
  REQUIRE(files.read("/usr/share/zoneinfo/UTC"));
  for (std::string const name : {"Europe/Atlantis", "../zoneinfo/UTC", "/etc/localtime"}) {
    CHECK(config::time_zone::load(name, files).error().message == "unknown time zone " + name);
  }
  CHECK(
      config::time_zone::load("Europe/Berlin", nothing).error().message ==
      "unknown time zone Europe/Berlin: this system has no time zones (install tzdata, or mount a "
      "host's /usr/share/zoneinfo and name it in ZONEINFO)");
  CHECK(config::time_zone::load("UTC", nothing).has_value());
}

TEST_CASE("what is no zone file is refused, wherever it ends", "[config][time_zone]") {
  auto const whole = config::host_zone_files().read("/usr/share/zoneinfo/Europe/Berlin");
  REQUIRE(whole.has_value());
  REQUIRE(config::time_zone::parse(*whole).has_value());
  auto const footer = whole->rfind('\n', whole->size() - 2);
  for (std::size_t length = 0; length < footer; ++length) {
    CAPTURE(length);
    REQUIRE_FALSE(config::time_zone::parse(std::string_view(*whole).substr(0, length)).has_value());
  }
}

TEST_CASE("rules in all forms of POSIX", "[config][time_zone]") {
  auto const [text, summer, winter] = GENERATE(table<std::string, int, int>({
      {"CET-1CEST,M3.5.0,M10.5.0/3", 7200, 3600},
      {"EST5EDT,J60,J300", -14'400, -18'000},
      {"EST5EDT4,59/-1:30,299", -14'400, -18'000},
      {"<-03>3", -10'800, -10'800},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 0},
  }));
  CAPTURE(text);
  auto const rule = config::zone_rule::parse(text);
  REQUIRE(rule.has_value());
  CHECK(rule->offset_at(1'783'000'000).seconds == summer);  // 2026-07-02
  CHECK(rule->offset_at(1'767'400'000).seconds == winter);  // 2026-01-03
}

TEST_CASE("what is no rule is refused", "[config][time_zone]") {
  for (std::string const text :
       {"", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M1.1.0",
        "CET-1CEST,M3.6.0,M1.1.0", "<+03", "CET-1CEST,M3.5.0,M10.5.0/3x"}) {
    CAPTURE(text);
    CHECK_FALSE(config::zone_rule::parse(text).has_value());
  }
}
