#include "runner/manager/recovered_job.hpp"

#include "test/runner/gitlab/api_world.hpp"
#include "test/support/memory_storage.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using test::canned_answer;

constexpr std::string_view last_words =
    "ERROR: Job failed (system failure): the runner was restarted while the job ran";

// A journal that an earlier process left, and a GitLab.
struct left_behind : test::api_world {
  left_behind() {
    record.job = {42, secret("job-token")};
    record.url = "http://gitlab.test";
    record.taken = time.wall_now();
    record.accepted = true;
  }

  void leave(std::string_view log) {
    journal earlier(std::make_unique<test::memory_storage>(disk, "1"));
    auto job = earlier.add(42);
    job.began(record);
    if (record.accepted) job.accepted();
    if (record.acknowledged > 0) job.acknowledged(record.acknowledged);
    if (record.end) job.ended(*record.end);
    (*job.open_log())->write(0, log);
  }

  void deliver() {
    journal found(std::make_unique<test::memory_storage>(disk, "1"));
    auto jobs = found.take_interrupted();
    REQUIRE(jobs.size() == 1);
    manager_services services{.time = time, .pool = pool, .http = http, .log = logger(output),
                              .make_executor = {}, .journal = found, .watch_log = {},
                              .remove_leftover = {}};
    manager_options const how;
    auto done = [](manager_services& with, manager_options const& by,
                   interrupted_job what) -> awaitable<bool> {
      co_await deliver_interrupted(with, by, std::move(what));
      co_return true;
    };
    ask(done(services, how, std::move(jobs[0])));
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (auto const& each : seen) out.push_back(each.line);
    return out;
  }

  job_record record;
  test::memory_disk disk;
  net::blocking_pool pool{0};
  log_target output{time, [](std::string_view) {}};
};

std::string const patch = "PATCH /api/v4/jobs/42/trace?debug_trace=false";
std::string const put = "PUT /api/v4/jobs/42";

}  // namespace

TEST_CASE("a job that was done is delivered as it ended, from where the server stood",
          "[manager][journal]") {
  left_behind w;
  w.record.acknowledged = 4;
  w.record.end = job_end{.success = true};
  w.leave("one\ntwo\n");
  w.answers = {canned_answer{503}, canned_answer{202}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.seen.size() >= 3);
  CHECK(w.seen[0].body == "two\n");
  CHECK(w.seen[0].fields.get("Content-Range") == "4-7");
  auto const& end = w.seen.back();
  CHECK(end.line == put);
  CHECK(end.body.find(R"("state":"success")") != std::string::npos);
  CHECK(end.body.find(R"("bytesize":8)") != std::string::npos);
  CHECK(w.disk.empty());
}

TEST_CASE("a job that ran is ended as a system failure with a last line of its own",
          "[manager][journal]") {
  left_behind w;
  w.leave("half a li");
  w.answers = {canned_answer{202}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[0].body.starts_with("half a li\n"));
  CHECK(w.seen[0].body.find(last_words) != std::string::npos);
  CHECK(w.seen[0].body.ends_with("\n"));
  CHECK(w.seen[1].body.find(R"("failure_reason":"runner_system_failure")") != std::string::npos);
  CHECK(w.disk.empty());
}

TEST_CASE("who dies twice says it once", "[manager][journal]") {
  left_behind w;
  w.leave("2026-01-01T00:00:00Z 00O \x1b[31;1m" + std::string(last_words) + "\x1b[0;m\n");
  w.answers = {canned_answer{202}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[0].body.find(last_words) == w.seen[0].body.rfind(last_words));
}

TEST_CASE("a job that the server may give out again is not touched", "[manager][journal]") {
  left_behind w;
  w.record.accepted = false;
  SECTION("it waits for us: it will be given out again") {
    w.leave("");
    w.answers = {canned_answer{500}, canned_answer{500}, canned_answer{500}, canned_answer{500},
                 canned_answer{500}, canned_answer{200}};
    w.deliver();
    for (auto const& each : w.seen) CHECK(each.body.find("\"pending\"") != std::string::npos);
  }
  SECTION("it is not ours any more") {
    w.leave("");
    w.answers = {canned_answer{403}};
    w.deliver();
    CHECK(w.lines() == std::vector<std::string>{put});
  }
  SECTION("too much time has passed: somebody else may run it") {
    w.record.taken = w.time.wall_now() - 121s;
    w.leave("");
    w.deliver();
    CHECK(w.seen.empty());
  }
  CHECK(w.disk.empty());
}

TEST_CASE("a job that runs here as the server says is ended, though we never heard so",
          "[manager][journal]") {
  left_behind w;
  w.record.accepted = false;
  w.leave("");
  w.answers = {canned_answer{409}, canned_answer{202}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.seen.size() == 3);
  CHECK(w.seen[2].body.find(R"("state":"failed")") != std::string::npos);
  CHECK(w.disk.empty());
}

}  // namespace corunner
