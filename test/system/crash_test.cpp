// Our own death (kill -9), and what the next start makes of it.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"
#include "test/system/support/proc.hpp"

#include <algorithm>
#include <random>
#include <set>

namespace corunner::test {

namespace {

std::string const last_words =
    "ERROR: Job failed (system failure): the runner was restarted while the job ran";

std::filesystem::path journal_of(world const& in) { return in.path("state-of-run") / "journal"; }

// All that the records of the journal say.
std::string records_in(world const& in) {
  std::string all;
  std::error_code ec;
  for (auto const& each : std::filesystem::recursive_directory_iterator(journal_of(in), ec)) {
    if (each.path().extension() == ".job") all += read_file(each.path());
  }
  return all;
}

void kill_now(child& process) {
  process.signal(SIGKILL);
  CHECK(process.wait() == 128 + SIGKILL);
}

void check_nothing_is_left(world& in, child& service) {
  CHECK(in.loop.run_until([&] { return records_in(in).empty(); }));
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  CHECK(names_in(journal_of(in)).empty());
  CHECK(processes_with(in.path("builds").string()).empty());
  CHECK(files_with(in.path("builds"), "gitlab-ci-token").empty());
}

// A service whose way to GitLab can be cut.
struct mortal_world : world {
  explicit mortal_world(std::string const& pipeline) {
    gitlab.emplace(*this, std::vector<std::string>{
                              "--repo", make_repository("repo", pipeline).string(),
                              "--advertise-url", between.url(), "--variable",
                              "GO=" + path("go").string(), "--variable", "NAP=" + nap()});
    between.lead_to(gitlab->address());
    config = configure({.url = between.url(), .token = gitlab->runner_token()});
  }

  bool wait_for_end(std::string const& name) {
    return loop.run_until([&] {
      auto const status = gitlab->job(name).status;
      return status == "success" || status == "failed";
    });
  }

  gateway between{loop};
  std::optional<gitlab_program> gitlab;
  std::filesystem::path config;
};

}  // namespace

TEST_CASE(
    "a job whose runner was killed ends as a system failure, with its log, and leaves nothing",
    "[system][crash]") {
  mortal_world w(R"yml(
job:
  script:
    - setsid sleep $NAP &
    - echo "the last of its lines"
    - touch "$GO"
    - while true; do sleep 0.1; done
)yml");
  auto first = w.start_run(w.config);
  REQUIRE(w.loop.run_until([&] { return std::filesystem::exists(w.path("go")); }));
  kill_now(first);
  CHECK_FALSE(processes_with("sleep " + world::nap()).empty());

  auto second = w.start_run(w.config);
  REQUIRE(w.wait_for_end("job"));
  auto const job = w.gitlab->job("job");
  CHECK(job.status == "failed");
  CHECK(job.failure_reason == "runner_system_failure");
  CHECK(job.trace_intact);
  auto const trace = w.gitlab->trace(job.id);
  CHECK(count_of("the last of its lines\n", trace) >= 1);
  CHECK(count_of(last_words, trace) == 1);
  CHECK(trace.substr(trace.rfind('\n', trace.size() - 2)).find(last_words) != std::string::npos);
  CHECK(processes_with("sleep " + world::nap()).empty());
  check_nothing_is_left(w, second);
}

TEST_CASE("a job that was done when its runner was killed is delivered by the next start",
          "[system][crash]") {
  mortal_world w(R"yml(
job:
  script:
    - seq 1 1000
    - touch "$GO"
    - while [ -e "$GO" ]; do sleep 0.1; done
    - echo "it is done"
)yml");
  auto first = w.start_run(w.config);
  REQUIRE(w.loop.run_until([&] { return std::filesystem::exists(w.path("go")); }));
  w.between.go_away();
  std::filesystem::remove(w.path("go"));
  REQUIRE(w.loop.run_until([&] { return records_in(w).find("\"ended\"") != std::string::npos; }));
  kill_now(first);

  // GitLab is in maintenance for a while when the runner starts again: that only delays.
  auto second = w.start_run(w.config);
  w.loop.run_for(std::chrono::seconds(2));
  w.between.come_back();
  int refusals = 2;
  w.between.disturb = [&](gateway::passed const& one) {
    bool const of_the_job = one.target.find("/jobs/") != std::string::npos;
    return of_the_job && refusals-- > 0 ? gateway::disturbance{.status = 503}
                                        : gateway::disturbance{};
  };
  REQUIRE(w.wait_for_end("job"));
  auto const job = w.gitlab->job("job");
  CHECK(job.status == "success");
  CHECK(job.trace_intact);
  auto const trace = w.gitlab->trace(job.id);
  CHECK(count_of("it is done\n", trace) == 1);
  CHECK(count_of(last_words, trace) == 0);
  CHECK(refusals <= 0);
  check_nothing_is_left(w, second);
}

TEST_CASE("killed again and again, a service brings every job to its right end",
          "[system][crash][many]") {
  // A death takes up to two jobs with it; some are left for the end.
  int const jobs = sanitized() ? 24 : 140;
  int const deaths = sanitized() ? 8 : 50;
  std::string pipeline;
  for (int i = 0; i < jobs; ++i) {
    pipeline += fmt::format("job-{0}:\n  script: ['for i in 1 2 3 4 5 6; do echo \"{0} line $i\"; "
                            "sleep 0.1; done']\n",
                            i);
  }
  world w;
  // What a dying service was handed and had not yet noted is given out again soon.
  gitlab_program gitlab(w, {"--repo", w.make_repository("repo", pipeline).string(),
                            "--accept-within", "15"});
  auto const config =
      w.configure({.url = gitlab.url(), .token = gitlab.runner_token(), .concurrent = 2});
  auto const seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < deaths; ++i) {
    auto service = w.start_run(config);
    w.loop.run_for(std::chrono::milliseconds(random() % (sanitized() ? 3000 : 1000)));
    kill_now(service);
  }
  auto service = w.start_run(config);
  auto const over = [](job_facts const& job) {
    return job.status == "success" || job.status == "failed";
  };
  REQUIRE(w.loop.run_until([&] { return std::ranges::all_of(gitlab.jobs(), over); },
                           std::chrono::minutes(10)));
  std::set<std::string> ends;
  for (auto const& job : gitlab.jobs()) {
    auto const trace = gitlab.trace(job.id);
    CAPTURE(job.name, job.status, trace);
    CHECK(job.trace_intact);
    auto const number = job.name.substr(job.name.find('-') + 1);
    int printed = 0;
    while (count_of(fmt::format(" {} line {}\n", number, printed + 1), trace) +
               count_of(fmt::format("+{} line {}\n", number, printed + 1), trace) == 1) {
      ++printed;
    }
    // The command itself is echoed, too.
    CHECK(count_of(number + " line ", trace) - count_of(number + " line $i", trace) ==
          static_cast<std::size_t>(printed));
    CHECK(count_of(last_words, trace) == (job.status == "failed" ? 1 : 0));
    if (job.status == "success") CHECK(printed == 6);
    if (job.status == "failed") CHECK(job.failure_reason == "runner_system_failure");
    ends.insert(job.status);
  }
  CHECK(ends.contains("success"));
  check_nothing_is_left(w, service);
}

}  // namespace corunner::test
