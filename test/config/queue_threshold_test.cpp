#include "config/queue_threshold.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

// Without files: every zone but UTC is unknown.
config::zone_files no_zones() {
  return {[](std::string_view) { return std::optional<std::string>(); },
          [](std::filesystem::path const&) { return std::optional<std::string>(); }};
}

config::job_queuing_duration rule(std::string hour, config::duration threshold,
                                  std::string project_jobs = "") {
  config::job_queuing_duration out;
  out.periods = {"* * " + hour + " * * * *"};
  out.timezone = "UTC";
  out.threshold = threshold;
  out.jobs_running_for_project = std::move(project_jobs);
  return out;
}

// At noon.
bool too_long(std::vector<config::job_queuing_duration> rules, std::chrono::duration<double> waited,
              std::string_view project_jobs = "0") {
  config::monitoring_settings settings;
  settings.job_queuing_durations = std::move(rules);
  auto const noon = std::chrono::sys_days(std::chrono::year(2026) / 3 / 4) + 12h;
  return config::queued_too_long(settings, waited, project_jobs, noon, no_zones());
}

}  // namespace

TEST_CASE("a job may wait as long as the threshold, not longer", "[config][monitoring]") {
  CHECK_FALSE(too_long({rule("*", 5s)}, 5s));
  CHECK(too_long({rule("*", 5s)}, 5.1s));
  CHECK_FALSE(too_long({rule("*", 0s)}, 1h));
  CHECK_FALSE(too_long({}, 1h));
}

TEST_CASE("of the rules in force the last one counts, whatever it says", "[config][monitoring]") {
  CHECK_FALSE(too_long({rule("*", 5s), rule("*", 1h)}, 10s));
  CHECK(too_long({rule("*", 1h), rule("*", 5s)}, 10s));
  CHECK(too_long({rule("*", 5s), rule("3", 1h)}, 10s));
  CHECK_FALSE(too_long({rule("*", 5s), rule("*", 0s)}, 10s));
  CHECK_FALSE(too_long({rule("3", 5s)}, 10s));
}

TEST_CASE("a rule can be for projects with so many jobs only", "[config][monitoring]") {
  auto const [jobs, expected] = GENERATE(table<std::string, bool>({
      {"0", true}, {"1", true}, {"10", true}, {"5+", false}, {"+Inf", false}, {"", false}}));
  CAPTURE(jobs);
  CHECK(too_long({rule("*", 5s, "^[01]")}, 10s, jobs) == expected);
}
