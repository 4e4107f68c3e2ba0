#include "runner/command/status_report.hpp"

#include "runner/command/status_socket.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

status_report report_of(std::string trouble = "") {
  config::timestamp const noon = std::chrono::sys_days(std::chrono::year(2026) / 8 / 22) + 12h;
  return {.process = 12,
          .state = "running",
          .jobs = 2,
          .concurrent = 4,
          .loaded_at = noon,
          .trouble = std::move(trouble),
          .trouble_since = noon + 1min};
}

}  // namespace

TEST_CASE("a status arrives as it was sent", "[command][status]") {
  CHECK(parse_status_report(to_json(report_of())) == report_of());
  CHECK(parse_status_report(to_json(report_of("line 1:\n\"x\""))) == report_of("line 1:\n\"x\""));
}

TEST_CASE("what is no status is none", "[command][status]") {
  for (auto const* text : {"", "[]", "{}", "{\"pid\":\"12\"}", "404 page not found"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_status_report(text).has_value());
  }
}

TEST_CASE("status says what runs, and its exit code whether that is what the file says",
          "[command][status]") {
  CHECK(exit_code_of(report_of()) == 0);
  CHECK(describe(report_of(), "gitlab-runner", "/etc/config.toml") ==
        "gitlab-runner: Service is running\n"
        "  process 12, running, 2 of 4 jobs\n"
        "  configuration of /etc/config.toml loaded 2026-08-22T12:00:00Z\n");
  CHECK(exit_code_of(report_of("no good")) == 2);
  CHECK(
      describe(report_of("no good"), "gitlab-runner", "/etc/config.toml")
          .ends_with("  the file cannot be used since 2026-08-22T12:01:00Z, what was loaded before "
                     "is kept:\n  no good\n"));
}

TEST_CASE("the socket of a configuration file is found by any spelling of its path",
          "[command][status]") {
  auto const none = [](std::string_view) { return std::optional<std::string>(); };
  auto const with = [](std::string_view name) {
    return name == "XDG_RUNTIME_DIR" ? std::optional<std::string>("/run/user/7") : std::nullopt;
  };
  CHECK(status_places("/etc/a/../b.toml", none) == status_places("/etc/b.toml", none));
  CHECK(status_places("/etc/a.toml", none) != status_places("/etc/b.toml", none));
  CHECK(status_places("/etc/b.toml", none).size() == 2);
  CHECK(status_places("/etc/b.toml", with).front().parent_path() == "/run/user/7/corunner");
}
