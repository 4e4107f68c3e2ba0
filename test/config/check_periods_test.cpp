#include "config/check_periods.hpp"

#include "config/file.hpp"
#include "test/config/observed_case.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

config::zone_files const no_zones{[](std::string_view) { return std::nullopt; },
                                  [](std::filesystem::path const&) { return std::nullopt; }};

std::vector<config::problem> problems_of(std::string const& tables) {
  auto const read = config::decode("[[runners]]\nname = \"r\"\n" + tables, test::no_variable);
  REQUIRE(read.has_value());
  return config::period_problems(*read, no_zones);
}

}  // namespace

TEST_CASE("periods, zones and expressions that do not compile keep a file from loading",
          "[config][periods]") {
  auto const [tables, path, text] = GENERATE(table<std::string, std::string, std::string>({
      {"[[runners.machine.autoscaling]]\nPeriods = [\"* * * * *\", \"x * * * *\"]\nTimezone = \"UTC\"\n",
       "runners[0].machine.autoscaling[0].Periods",
       "loading configuration for r runner: compiling docker machine autoscaling periods: invalid time "
       "periods [* * * * * x * * * *], caused by: syntax error in minute field: 'x'"},
      {"[[runners.monitoring.job_queuing_durations]]\nperiods = [\"1\"]\n",
       "runners[0].monitoring.job_queuing_durations[0].periods",
       "loading configuration for r runner: compiling monitoring sections: compiling "
       "job_queuing_durations: entry 0: periods: missing field(s)"},
      {"[[runners.monitoring.job_queuing_durations]]\ntimezone = \"UTC\"\n"
       "[[runners.monitoring.job_queuing_durations]]\ntimezone = \"UTC\"\njobs_running_for_project = \"(\"\n",
       "runners[0].monitoring.job_queuing_durations[1].jobs_running_for_project",
       "loading configuration for r runner: compiling monitoring sections: compiling "
       "job_queuing_durations: entry 1: jobs_running_for_project: missing ): ("},
  }));
  auto const found = problems_of(tables);
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == config::problem_kind::unloadable);
  CHECK(found[0].path == path);
  CHECK(found[0].text == text);
  auto const loaded = config::load_text("[[runners]]\nname = \"r\"\n" + tables, "config.toml",
                                        test::no_variable);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().message == text);
}

TEST_CASE("a policy's period that is none is told, and the file loads", "[config][periods]") {
  std::string const tables =
      "[[runners.autoscaler.policy]]\nperiods = [\"* * * * * * *\"]\n"
      "[[runners.kubernetes.autoscaler.policy]]\n"
      "[[runners.kubernetes.autoscaler.policy]]\ntimezone = \"Mars/Olympus\"\n";
  auto const found = problems_of(tables);
  REQUIRE(found.size() == 2);
  for (auto const& each : found) CHECK(each.kind == config::problem_kind::useless);
  CHECK(found[0].path == "runners[0].autoscaler.policy[0].periods");
  CHECK(found[0].text == "is no time (expected 5 fields, found 7), no job will find an instance");
  CHECK(found[1].path == "runners[0].kubernetes.autoscaler.policy[1].periods");
  CHECK(config::load_text("[[runners]]\n" + tables, "config.toml", test::no_variable).has_value());
}
