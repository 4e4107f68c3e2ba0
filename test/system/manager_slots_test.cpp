// Slots and entries that change while requests are under way, with the coordinator on the other
// side.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"

#include <csignal>

namespace corunner::test {

namespace {

constexpr auto waiting_job = R"yml(
job1: &job
  script:
    - echo "$CI_JOB_NAME runs"
    - while [ ! -e "$GO" ]; do sleep 0.1; done
job2: *job
)yml";

bool is_poll(gateway::passed const& one) {
  return one.target.ends_with("/jobs/request");
}

}  // namespace

TEST_CASE("a job that is handed out while its slot is taken away stays pending until there is one",
          "[system][slots]") {
  world w;
  gateway between(w.loop);
  gitlab_program gitlab(w, {"--repo", w.make_repository("repo", waiting_job).string(),
                            "--advertise-url", between.url(), "--variable",
                            "GO=" + w.path("go").string()});
  between.lead_to(gitlab.address());
  // The second job has been handed out, but the runner hears of it later.
  int jobs = 0;
  between.disturb = [&](gateway::passed const& one) {
    bool const second = is_poll(one) && ++jobs == 2;
    return second ? gateway::disturbance{.keep_back = std::chrono::milliseconds(2'500)}
                  : gateway::disturbance{};
  };
  runner_setup setup{.url = between.url(), .token = gitlab.runner_token(), .concurrent = 2};
  auto service = w.start_run(w.configure(setup));
  REQUIRE(w.loop.run_until([&] { return jobs == 2; }));
  setup.concurrent = 1;
  w.configure(setup);
  service.wait_for_error("Job waits for a free slot");
  auto const status_of = [&](std::string const& name) { return gitlab.job(name).status; };
  bool const first_runs = status_of("job1") == "running";
  std::string const running = first_runs ? "job1" : "job2";
  std::string const waiting = first_runs ? "job2" : "job1";
  REQUIRE(w.loop.run_until([&] { return between.count("PUT", "/jobs/") >= 2; }));
  CHECK(status_of(running) == "running");
  CHECK(status_of(waiting) == "pending");
  write_file(w.path("go"), "");
  CHECK(w.loop.run_until([&] { return status_of(waiting) == "success"; }));
  CHECK(status_of(running) == "success");
  auto const log = gitlab.trace(gitlab.job(waiting).id);
  CHECK(log.find("Waiting for a free slot of this runner") != std::string::npos);
}

TEST_CASE("a disabled entry is asked again when the file is touched, and on HUP",
          "[system][reload]") {
  world w;
  fake_gitlab server(w.loop);
  server.on_poll = [](auto const&) { return fake_gitlab::reply{.status = 403}; };
  auto const file = w.configure({.url = server.url(), .token = "glrt-disabled",
                                 .entry = "  unhealthy_requests_limit = 1\n"});
  auto service = w.start_run(file);
  service.wait_for_error("is unhealthy and will be disabled for 1h0m0s seconds!");
  CHECK(server.polls().size() == 1);
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now());
  CHECK(w.loop.run_until([&] { return server.polls().size() == 2; }));
  service.signal(SIGHUP);
  CHECK(w.loop.run_until([&] { return server.polls().size() == 3; }));
}

TEST_CASE("a renewed token is in the file and in the next request for a job", "[system][tokens]") {
  world w;
  fake_gitlab server(w.loop);
  server.on_call = [](fake_gitlab::call const& one) {
    if (!one.path.ends_with("/runners/reset_authentication_token")) return fake_gitlab::reply{};
    return fake_gitlab::reply{
        .status = 201,
        .fields = {{"Content-Type", "application/json"}},
        .body = R"({"id":1,"token":"glrt-renewed","token_expires_at":"2199-01-01T00:00:00Z"})"};
  };
  auto const file = w.configure({.url = server.url(), .token = "glrt-old",
                                 .entry = "  token_obtained_at = 2020-01-01T00:00:00Z\n"
                                          "  token_expires_at = 2021-01-01T00:00:00Z\n"});
  auto service = w.start_run(file);
  REQUIRE(w.loop.run_until([&] {
    return !server.polls().empty() && server.polls().back().text("token") == "glrt-renewed";
  }));
  CHECK(read_file(file).find("token = \"glrt-renewed\"") != std::string::npos);
  CHECK(read_file(file).find("token_expires_at = 2199-01-01T00:00:00Z") != std::string::npos);
  CHECK(service.err().find("glrt-renewed") == std::string::npos);
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  CHECK(server.calls_of("POST", "/runners/reset_authentication_token").size() == 1);
}

}  // namespace corunner::test
