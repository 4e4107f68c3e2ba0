// GitLab misbehaves or is away while a job runs: nothing of the log is lost.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"

#include <catch2/generators/catch_generators.hpp>

#include <sstream>

namespace corunner::test {

namespace {

using disturbance = gateway::disturbance;

// How long GitLab is away. More shows nothing more: the pauses between tries only grow.
constexpr std::chrono::seconds outage{5};

// A job that prints numbered lines, into its log and a file, until it is let go, and uploads the
// file.
constexpr auto counting_job = R"yml(
job:
  script:
    - |
      i=0
      while [ ! -e "$GO" ]; do i=$((i + 1)); echo "counted $i"; sleep 0.05; done | tee counted.txt
    - cp counted.txt "$GO.counted"
  artifacts:
    paths: [counted.txt]
)yml";

struct disturbed_world : world {
  disturbed_world() {
    gitlab.emplace(*this, std::vector<std::string>{
                              "--repo", make_repository("repo", counting_job).string(),
                              "--advertise-url", between.url(), "--variable",
                              "GO=" + path("go").string()});
    between.lead_to(gitlab->address());
    once.emplace(loop, once_options());
    once->wait_for_output("\ncounted 10\n");
  }

  void let_go() { write_file(path("go"), ""); }

  // The job passed, and GitLab has every line and the artifact.
  void check_nothing_is_lost() {
    REQUIRE(once->wait() == 0);
    auto const job = gitlab->job("job");
    CHECK(job.status == "success");
    CHECK(job.trace_intact);
    auto const trace = gitlab->trace(job.id);
    std::istringstream lines(read_file(path("go.counted")));
    std::size_t count = 0;
    bool all = true;
    for (std::string line; std::getline(lines, line); ++count) {
      all = all && count_of(" " + line + "\n", trace) + count_of("+" + line + "\n", trace) == 1;
    }
    CHECK(count >= 10);
    CHECK(all);
  }

  child_options once_options() {
    return program({"run", "--config",
                    configure({.url = between.url(), .token = gitlab->runner_token()}).string(),
                    "--once"});
  }

  gateway between{loop};
  std::optional<gitlab_program> gitlab;
  std::optional<child> once;
};

bool is_patch(gateway::passed const& one) { return one.method == "PATCH"; }
bool is_update(gateway::passed const& one) { return one.method == "PUT"; }

}  // namespace

TEST_CASE("GitLab is away while a job runs: the log is whole when it is back", "[system][outage]") {
  disturbed_world w;
  w.between.go_away();
  w.loop.run_for(outage);
  CHECK_FALSE(w.once->ended());
  w.between.come_back();
  w.let_go();
  w.check_nothing_is_lost();
}

TEST_CASE("GitLab is away when a job ends: its log, its artifacts and its end are delivered later",
          "[system][outage]") {
  disturbed_world w;
  w.between.go_away();
  w.let_go();
  w.loop.run_for(outage);
  CHECK_FALSE(w.once->ended());
  w.between.come_back();
  w.check_nothing_is_lost();
  CHECK(w.gitlab->job("job").has_archive);
}

TEST_CASE("GitLab answers parts of the log with an error for a while: nothing is lost",
          "[system][outage]") {
  int const status = GENERATE(500, 502, 503, 429);
  CAPTURE(status);
  disturbed_world w;
  int left = 2;
  w.between.disturb = [&](gateway::passed const& one) {
    return is_patch(one) && left-- > 0 ? disturbance{.status = status} : disturbance{};
  };
  REQUIRE(w.loop.run_until([&] { return left <= 0; }));
  w.let_go();
  w.check_nothing_is_lost();
}

TEST_CASE("GitLab drops connections before or after it took a part of the log: nothing is lost or "
          "doubled",
          "[system][outage]") {
  bool const after = GENERATE(false, true);
  CAPTURE(after);
  disturbed_world w;
  int left = 2;
  w.between.disturb = [&](gateway::passed const& one) {
    return is_patch(one) && left-- > 0 ? disturbance{.drop = true, .after = after} : disturbance{};
  };
  REQUIRE(w.loop.run_until([&] { return left <= 0; }));
  w.let_go();
  w.check_nothing_is_lost();
}

TEST_CASE("GitLab fails at the final update and at the upload of artifacts: both are tried again",
          "[system][outage]") {
  auto const what = GENERATE(disturbance{.status = 502}, disturbance{.drop = true},
                             disturbance{.drop = true, .after = true});
  CAPTURE(what.status, what.drop, what.after);
  disturbed_world w;
  int updates = 1;
  int uploads = 1;
  w.between.disturb = [&](gateway::passed const& one) {
    bool const is_end = is_update(one) && one.request_body.find("\"success\"") != std::string::npos;
    bool const is_upload =
        one.method == "POST" && one.target.find("/artifacts") != std::string::npos;
    if ((is_end && updates-- > 0) || (is_upload && uploads-- > 0)) return what;
    return disturbance{};
  };
  w.let_go();
  w.check_nothing_is_lost();
  CHECK(w.gitlab->job("job").has_archive);
  CHECK(updates < 0);
  CHECK(uploads < 0);
}

TEST_CASE("a 403 in the middle of a job ends the job, and run --once says why",
          "[system][outage]") {
  disturbed_world w;
  w.between.disturb = [&](gateway::passed const& one) {
    return is_patch(one) ? disturbance{.status = 403} : disturbance{};
  };
  // It is never let go: only the abort ends it.
  CHECK(w.once->wait() == 1);
  INFO(w.once->err() << w.once->out());
  CHECK(w.once->err().find("Appending trace to coordinator... job failed") != std::string::npos);
  CHECK(w.once->err().find("/trace: 403 Forbidden") != std::string::npos);
}

}  // namespace corunner::test
