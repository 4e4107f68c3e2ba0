// However a job ends, it leaves no process, no lock of git and no file with a secret.

#include "exec/process/control_group.hpp"
#include "test/exec/process/mounted_control_groups.hpp"
#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/leftovers.hpp"
#include "test/system/support/proc.hpp"
#include "test/system/support/world.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <csignal>
#include <filesystem>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;
using payload = gitlab::job_payload;

constexpr std::int64_t job_id = 4711;
constexpr auto password = "correct-horse-battery-staple";

// In a session of its own, without parent and without our environment, deaf to all but SIGKILL.
constexpr auto escapes = R"sh((env -i PATH="$PATH" setsid sh -c 'trap "" TERM HUP INT
  while :; do sleep "$1"; done' x "$NAP" > /dev/null 2>&1 &))sh";

// Who ends the job, once its script runs.
enum class by { itself, answer, stop_of_the_service, death_of_the_service };

struct ending {
  std::string name;
  std::string last_line;                   // of the script
  std::function<void(payload&)> arrange;   // may be empty
  by whom = by::itself;
  fake_gitlab::reply answer;               // to what the script has said
  std::string reason;                      // failure_reason; empty: success
};

std::vector<ending> endings() {
  auto const naps = "sleep \"$NAP\"";
  auto const variable = [](std::string name, std::string value) {
    return [name, value](payload& job) { job.variables.push_back({.key = name, .value = value}); };
  };
  return {
      {"success", "true", {}, by::itself, {}, ""},
      {"script failure", "exit 3", {}, by::itself, {}, "script_failure"},
      {"cancel", naps, {}, by::answer, {.status = 202, .fields = {{"Job-Status", "canceling"}}},
       "job_canceled"},
      {"abort", naps, {}, by::answer, {.status = 403}, "job_canceled"},
      {"script timeout", naps, variable("RUNNER_SCRIPT_TIMEOUT", "4s"), by::itself, {},
       "job_execution_timeout"},
      {"job timeout", naps, [](payload& job) { job.runner_info.timeout = 6; }, by::itself, {},
       "job_execution_timeout"},
      {"git failure", "true", [](payload& job) { job.git_info.sha = std::string(40, 'd'); },
       by::itself, {}, "script_failure"},
      {"system failure", "true", variable("GIT_SUBMODULE_STRATEGY", "nonsense"), by::itself, {},
       "runner_system_failure"},
      {"stop of the service", naps, {}, by::stop_of_the_service, {}, "runner_interrupted"},
      {"death of the service", naps, {}, by::death_of_the_service, {}, "runner_system_failure"},
  };
}

struct leaving_job : world {
  explicit leaving_job(ending const& how) {
    auto const repository = make_repository("repo", "job: {script: ['true']}\n");
    auto sha = run("git", {"rev-parse", "HEAD"}, repository);
    while (sha.ends_with('\n')) sha.pop_back();
    job = fake_gitlab::job(job_id, {escapes, "cat \"$SECRET_FILE\" > /dev/null",
                                    "touch .git/index.lock .git/refs/heads/x.lock",
                                    "echo begun", how.last_line});
    job.token = secret("glcbt-64_never-to-be-found");
    job.variables.erase(job.variables.begin());  // GIT_STRATEGY
    job.variables.push_back({.key = "NAP", .value = nap()});
    job.variables.push_back({.key = "PASSWORD", .value = password, .masked = true});
    job.variables.push_back(
        {.key = "SECRET_FILE", .value = password, .file = true, .masked = true});
    job.git_info.repo_url = "file://" + repository.string();
    job.git_info.sha = sha;
    job.git_info.refspecs = {"+refs/heads/main:refs/remotes/origin/main"};
    if (how.arrange) how.arrange(job);
    server.on_poll = [this](auto const&) {
      return std::exchange(handed, true) ? fake_gitlab::reply{} : fake_gitlab::hand_out(job);
    };
    server.on_call = [this, &how](fake_gitlab::call const& one) {
      if (one.method != "PATCH" || !has_begun()) return fake_gitlab::reply{};
      return how.whom == by::answer ? how.answer : fake_gitlab::reply{};
    };
    config = configure({.url = server.url(), .token = "glrt-leftovers"});
  }

  bool has_begun() const { return server.log_of(job_id).find("\nbegun\n") != std::string::npos; }

  // What the last update said of the end.
  std::optional<fake_gitlab::call> end() const {
    auto const updates = server.calls_of("PUT", fmt::format("/jobs/{}", job_id));
    if (updates.empty()) return std::nullopt;
    auto const state = updates.back().text("state");
    if (state != "success" && state != "failed") return std::nullopt;
    return updates.back();
  }

  void bring_to_end(child& service, by whom) {
    if (whom == by::stop_of_the_service || whom == by::death_of_the_service) {
      REQUIRE(loop.run_until([&] { return has_begun(); }));
      CHECK_FALSE(processes_with("sleep " + nap()).empty());
      service.signal(whom == by::death_of_the_service ? SIGKILL : SIGTERM);
      service.wait();
    }
    if (whom == by::death_of_the_service) {
      again.emplace(loop, program({"run", "--config", config.string()}));
    }
    REQUIRE(loop.run_until([&] { return end().has_value(); }));
    auto& last = again ? *again : service;
    if (whom == by::stop_of_the_service) return;
    last.signal(SIGQUIT);
    CHECK(last.wait() == 0);
  }

  payload job;
  bool handed = false;
  fake_gitlab server{loop};
  fs::path config;
  std::optional<child> again;
};

}  // namespace

TEST_CASE("however a job ends, it leaves no process, no lock and no secret",
          "[system][leftovers]") {
  static auto const all = endings();
  auto const number = GENERATE(range(std::size_t{0}, endings().size()));
  auto const& how = all[number];
  CAPTURE(how.name);
  mount_control_groups();
  if (how.whom == by::death_of_the_service && !exec::find_control_group_place()) {
    SKIP("who wipes his environment outlives a service that dies without control groups");
  }
  leaving_job w(how);
  auto service = w.start_run(w.config);
  w.bring_to_end(service, how.whom);
  INFO(w.server.log_of(job_id) << service.err());
  CHECK(w.end()->text("failure_reason") == how.reason);
  CHECK(processes_with("sleep " + world::nap()).empty());
  CHECK(processes_with(" x " + world::nap()).empty());
  CHECK(processes_with(w.path("builds").string()).empty());
  CHECK(files_with_secrets(w, {"never-to-be-found", password}).empty());
  CHECK(locks_in_builds(w).empty());
  CHECK(control_groups_of(job_id).empty());
}

}  // namespace corunner::test
