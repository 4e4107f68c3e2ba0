#include "runner/command/polling_notice.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

TEST_CASE("settings that slow down long polls elsewhere are named as such", "[command][polling]") {
  config::configuration values;
  values.concurrent = 2;
  CHECK(polling_notice(values) == "");

  config::runner_entry entry;
  entry.request_concurrency = 2;
  values.runners = {entry, entry};
  CHECK(polling_notice(values) == "");

  values.concurrent = 1;
  CHECK(polling_notice(values).starts_with(
      "CONFIGURATION: Long polling issues detected for GitLab Runner: "
      "concurrent = 1 for 2 runners. None here"));
  values.concurrent = 2;
  values.runners.front().request_concurrency = 0;
  CHECK(polling_notice(values).find(": 1 runners with request_concurrency = 1. None here") !=
        std::string::npos);
}
