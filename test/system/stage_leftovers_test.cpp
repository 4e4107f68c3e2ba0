// A job that is stopped in whatever stage leaves no process, no lock of git and no file with a
// secret.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/leftovers.hpp"
#include "test/system/support/proc.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fmt/format.h>

#include <csignal>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;
using payload = gitlab::job_payload;
using namespace std::chrono_literals;

constexpr std::int64_t job_id = 4712;
constexpr std::int64_t needed_job = 99;
constexpr auto token = "glcbt-64_never-to-be-found";
constexpr auto password = "correct-horse-battery-staple";
constexpr auto naps = "sleep \"$NAP\"";

// A stage that hangs, and how it can be told that it does: by a text in the log, or a call.
struct place {
  std::string stage;
  std::function<void(payload&)> arrange;
  std::string says;
  std::string method;  // of a call that gets no answer
};

// git holds the index while it asks the filter for the content of files.
void let_git_hang(payload& job) {
  job.hooks = {{.name = "pre_get_sources_script",
                .script = {"git config --global filter.slow.smudge 'echo beg''un >&2; sleep '$NAP",
                           "git config --global filter.slow.required true"}}};
}

std::vector<place> places() {
  return {
      {"get_sources", let_git_hang, "\nbegun\n", ""},
      {"get_sources",
       [](payload& job) {
         job.hooks = {{.name = "post_get_sources_script",
                       .script = {"touch .git/index.lock .git/shallow.lock .git/refs/heads/x.lock",
                                  "echo begun", naps}}};
       },
       "\nbegun\n", ""},
      {"download_artifacts",
       [](payload& job) {
         job.dependencies = {{.id = needed_job, .token = secret(token), .name = "needed",
                              .artifacts_file = gitlab::artifacts_file{"artifacts.zip", 10}}};
       },
       "", "GET"},
      {"after_script",
       [](payload& job) {
         job.steps.push_back({.name = "after_script", .script = {"echo begun", naps}});
       },
       "\nbegun\n", ""},
      {"upload_artifacts_on_success",
       [](payload& job) { job.artifacts = {{.paths = {".gitlab-ci.yml"}}}; }, "", "POST"},
  };
}

enum class by { abort, job_timeout, stop_of_the_service };

struct stop {
  std::size_t place;
  by whom;
};

// Every place by the quickest, and the first and the last by the others.
std::vector<stop> stops() {
  auto const last = places().size() - 1;
  std::vector<stop> all{{0, by::job_timeout}, {0, by::stop_of_the_service},
                        {last, by::stop_of_the_service}};
  for (std::size_t i = 0; i <= last; ++i) all.push_back({i, by::abort});
  return all;
}

struct stopped_job : world {
  stopped_job(place const& where, by whom) : at(where), ends(whom) {
    auto const repository = make_repository("repo", "job: {script: ['true']}\n");
    job = fake_gitlab::job(job_id, {"cat \"$SECRET_FILE\" > /dev/null"});
    job.token = secret(token);
    job.features.trace_sections = true;
    job.variables.erase(job.variables.begin());  // GIT_STRATEGY
    job.variables.push_back({.key = "NAP", .value = nap()});
    job.variables.push_back({.key = "PASSWORD", .value = password, .masked = true});
    job.variables.push_back(
        {.key = "SECRET_FILE", .value = password, .file = true, .masked = true});
    job.git_info.repo_url = "file://" + repository.string();
    job.git_info.refspecs = {"+refs/heads/*:refs/remotes/origin/*"};
    if (ends == by::job_timeout) job.runner_info.timeout = 8;
    at.arrange(job);
    run("sh", {"-c", "echo '.gitlab-ci.yml filter=slow' > .gitattributes && git add . && "
                     "git commit --quiet -m second"}, repository);
    job.git_info.sha = run("git", {"rev-parse", "HEAD"}, repository).substr(0, 40);
    server.on_poll = [this](auto const&) {
      return std::exchange(handed, true) ? fake_gitlab::reply{} : fake_gitlab::hand_out(job);
    };
    server.on_call = [this](fake_gitlab::call const& one) {
      if (!at.method.empty() && one.method == at.method) {
        hangs = true;
        return fake_gitlab::reply{.after = 1h};
      }
      return fake_gitlab::reply{.status = ends == by::abort && has_begun() ? 403 : 0};
    };
    config = configure({.url = server.url(), .token = "glrt-leftovers"});
  }

  bool has_begun() const {
    return hangs || (!at.says.empty() && server.log_of(job_id).find(at.says) != std::string::npos);
  }

  // The reason that the last update gave; empty while the job runs.
  std::string reason() const {
    auto const updates = server.calls_of("PUT", fmt::format("/jobs/{}", job_id));
    return updates.empty() ? std::string() : updates.back().text("failure_reason");
  }

  place const& at;
  by ends;
  payload job;
  bool handed = false;
  bool hangs = false;
  fake_gitlab server{loop};
  fs::path config;
};

std::string reason_of(by whom) {
  switch (whom) {
    case by::abort: return "job_canceled";
    case by::job_timeout: return "job_execution_timeout";
    case by::stop_of_the_service: return "runner_interrupted";
  }
  return {};
}

}  // namespace

TEST_CASE("a job that is stopped in any of its stages leaves no process, no lock and no secret",
          "[system][leftovers]") {
  static auto const all = places();
  auto const [number, whom] = GENERATE(from_range(stops()));
  auto const& where = all[number];
  CAPTURE(where.stage, static_cast<int>(whom));
  stopped_job w(where, whom);
  auto service = w.start_run(w.config);
  REQUIRE(w.loop.run_until([&] { return w.has_begun() || !w.reason().empty(); }));
  if (whom == by::stop_of_the_service) service.signal(SIGTERM);
  REQUIRE(w.loop.run_until([&] { return !w.reason().empty(); }));
  if (whom != by::stop_of_the_service) service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  INFO(w.server.log_of(job_id) << service.err());
  CHECK(w.reason() == reason_of(whom));
  CHECK(w.server.log_of(job_id).find(":" + where.stage) != std::string::npos);
  CHECK(processes_with("sleep " + world::nap()).empty());
  CHECK(processes_with(w.path("builds").string()).empty());
  CHECK(processes_with(w.path("cache").string()).empty());
  CHECK(files_with_secrets(w, {token, password}).empty());
  CHECK(locks_in_builds(w).empty());
  CHECK(control_groups_of(job_id).empty());
}

}  // namespace corunner::test
