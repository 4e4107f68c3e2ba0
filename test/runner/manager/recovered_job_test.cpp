#include "runner/manager/recovered_job.hpp"

#include "test/runner/gitlab/api_world.hpp"
#include "test/support/memory_storage.hpp"

#include <boost/crc.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using test::canned_answer;

constexpr std::string_view last_words =
    "ERROR: Job failed (system failure): the runner was restarted while the job ran";

std::string crc32_of(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return fmt::format("crc32:{:08x}", crc.checksum());
}

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
    record.machine_start = earlier.machine_start();
    job.began(record);
    if (record.accepted) job.accepted();
    log_mark const mark{log.size(), crc32_of(log)};
    if (record.acknowledged > 0) job.acknowledged(record.acknowledged, mark);
    if (record.end) job.ended(*record.end, mark);
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
    auto done = [](manager_services& with, manager_options const& by, run_figures& into,
                   interrupted_job what) -> awaitable<bool> {
      co_await deliver_interrupted(with, by, into, std::move(what));
      co_return true;
    };
    ask(done(services, how, counted, std::move(jobs[0])));
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (auto const& each : seen) out.push_back(each.line);
    return out;
  }

  job_record record;
  run_figures counted;
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

TEST_CASE("the end of a job for whose acceptance the server still waits, or again, comes after it",
          "[manager][journal]") {
  left_behind w;
  w.record.accepted = false;
  w.record.end = job_end{.success = true};
  w.leave("one\n");
  w.answers = {canned_answer{202}, canned_answer{400}, canned_answer{200}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.lines() == std::vector<std::string>{patch, put, put, put});
  CHECK(w.seen[2].body.find(R"("state":"running")") != std::string::npos);
  CHECK(w.seen[3].body.find(R"("state":"success")") != std::string::npos);
  CHECK(w.disk.empty());
}

TEST_CASE("a job that was given out again, and has a log since, is left to whoever runs it",
          "[manager][journal]") {
  left_behind w;
  w.record.accepted = false;
  w.record.end = job_end{.success = true};
  w.leave("one\n");
  canned_answer other{416};
  other.fields.set("Range", "0-3");
  w.answers = {other};
  w.deliver();
  CHECK(w.lines() == std::vector<std::string>{patch});
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

TEST_CASE("a log that lost its end with the power is delivered with a line that says so",
          "[manager][journal]") {
  left_behind w;
  w.record.end = job_end{.success = true};
  w.leave("one\ntwo\n");
  w.disk.remove("1/42-0.log");
  w.disk.write("1/42-0.log", 0, "one\n");
  w.answers = {canned_answer{202}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[0].body.starts_with("one\n"));
  CHECK(w.seen[0].body.find("the last part of this log may be missing") != std::string::npos);
  CHECK(w.seen[0].body.find(last_words) == std::string::npos);
  CHECK(w.seen[1].body.find(R"("state":"success")") != std::string::npos);
  CHECK(w.seen[1].body.find(crc32_of(w.seen[0].body)) != std::string::npos);
  CHECK(w.disk.empty());
}

TEST_CASE("what is said at the end of a log has the time of its last line", "[manager][journal]") {
  left_behind w;
  w.leave("2026-01-02T03:04:05.000006Z 01O one\nno time\n");
  w.answers = {canned_answer{202}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[0].body.find("no time\n2026-01-02T03:04:05.000006Z 00O \x1b[31;1mERROR") !=
        std::string::npos);
}

TEST_CASE("a log of which the server has more than we is continued there, without a checksum",
          "[manager][journal]") {
  left_behind w;
  w.leave("one\n");
  bool const power_lost = GENERATE(false, true);
  // It takes nothing of what is on this disk.
  if (power_lost) w.disk.lose_power([](std::uint64_t) { return 3u; });
  bool const known = GENERATE(false, true);
  if (known) w.disk.write("1/42-0.job", w.disk.content("1/42-0.job")->size(),
                          acknowledged_line(12, {12, "crc32:00000000"}));
  if (!known) w.answers = {canned_answer{416, {{"Range", "0-12"}}}};
  w.answers.push_back(canned_answer{202});
  w.answers.push_back(canned_answer{200});
  w.deliver();
  REQUIRE(w.seen.size() == (known ? 2 : 3));
  auto const& rest = w.seen[w.seen.size() - 2];
  CHECK(rest.fields.get("Content-Range").starts_with("12-"));
  CHECK(rest.body.find(last_words) != std::string::npos);
  CHECK(w.seen.back().body.find(R"("checksum":)") == std::string::npos);
  CHECK(w.disk.empty());
}

TEST_CASE("who dies with words that only the record knows says them again", "[manager][journal]") {
  left_behind w;
  w.leave("one\n");
  w.record.end = job_end{.reason = gitlab::failure_reason::runner_system_failure};
  w.record.ended_by_restart = w.record.log_damaged = true;
  w.disk.write("1/42-0.job", w.disk.content("1/42-0.job")->size(),
               recovered_line(w.record, {4, crc32_of("one\n")}));
  w.answers = {canned_answer{202}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[0].body.find("the last part of this log may be missing") != std::string::npos);
  CHECK(w.seen[0].body.find(last_words) != std::string::npos);
}

TEST_CASE("a job whose log is lost, on a disk that is full, is ended all the same",
          "[manager][journal]") {
  left_behind w;
  w.leave("one\n");
  w.disk.remove("1/42-0.log");
  w.disk.full = w.disk.refuses_files = true;
  w.answers = {canned_answer{202}, canned_answer{200}};
  w.deliver();
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[0].body.find(last_words) != std::string::npos);
  CHECK(w.disk.empty());
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
