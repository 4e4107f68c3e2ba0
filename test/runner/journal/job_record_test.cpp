#include "runner/journal/job_record.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner {
namespace {

job_record sample() {
  job_record out;
  out.job = {42, secret("glcbt-64_token")};
  out.project = 7;
  out.url = "https://gitlab.example.com";
  out.tls.ca_file = "/etc/ca.pem";
  out.runner = "abcdefghi";
  out.runner_name = "a \"quoted\" name\n";
  out.debug_trace = true;
  out.machine_start = "boot 1";
  out.final_update_tries = 3;
  return out;
}

std::string end_line() {
  return ended_line({.success = false,
                     .reason = gitlab::failure_reason::script_failure,
                     .exit_code = 3,
                     .runtime_environment_key = {}},
                    {2'000'000'000'001, "crc32:00000003"});
}

std::string lines_of_a_whole_job() {
  return began_line(sample()) + created_line({exec::leftover::kind::processes, "mark-1"}) +
         created_line({exec::leftover::kind::control_group, "/sys/fs/cgroup/corunner-mark-1"}) +
         created_line({exec::leftover::kind::directory, "/builds/x.tmp"}) +
         created_line({exec::leftover::kind::git_locks, "/builds/x"}) +
         acknowledged_line(10, {12, "crc32:00000001"}) +
         acknowledged_line(2'000'000'000'000, {2'000'000'000'000, "crc32:00000002"}) + end_line();
}

}  // namespace

TEST_CASE("what is written of a job is read again", "[journal]") {
  auto const read = read_record(lines_of_a_whole_job());
  REQUIRE(read);
  auto const expected = sample();
  CHECK(read->job.id == 42);
  CHECK(read->job.token.reveal() == "glcbt-64_token");
  CHECK(read->project == 7);
  CHECK(read->url == expected.url);
  CHECK(read->tls == expected.tls);
  CHECK(read->runner == expected.runner);
  CHECK(read->runner_name == expected.runner_name);
  CHECK(read->timestamps);
  CHECK(read->debug_trace);
  CHECK(read->machine_start == "boot 1");
  CHECK(read->final_update_tries == 3);
  CHECK(read->created ==
        std::vector<exec::leftover>{{exec::leftover::kind::processes, "mark-1"},
                                    {exec::leftover::kind::control_group,
                                     "/sys/fs/cgroup/corunner-mark-1"},
                                    {exec::leftover::kind::directory, "/builds/x.tmp"},
                                    {exec::leftover::kind::git_locks, "/builds/x"}});
  CHECK(read->acknowledged == 2'000'000'000'000);
  REQUIRE(read->end);
  CHECK_FALSE(read->end->success);
  CHECK(read->end->reason == gitlab::failure_reason::script_failure);
  CHECK(read->end->exit_code == 3);
  REQUIRE(read->marks.size() == 3);
  CHECK(read->marks[0].size == 12);
  CHECK(read->marks[0].checksum == "crc32:00000001");
  CHECK(read->marks[2].size == 2'000'000'000'001);
}

TEST_CASE("the end that a later process gave says anew what the log is", "[journal]") {
  auto const lines = lines_of_a_whole_job();
  auto job = sample();
  job.end = job_end{.success = true};
  job.ended_by_restart = true;
  auto const known = read_record(lines + recovered_line(job, {5, "crc32:00000005"}));
  REQUIRE(known);
  CHECK(known->end->success);
  REQUIRE(known->marks.size() == 1);
  CHECK(known->marks[0].size == 5);
  CHECK(known->ended_by_restart);
  CHECK_FALSE(known->log_damaged);
  job.log_damaged = true;
  auto const unknown = read_record(lines + recovered_line(job, {6, "crc32:00000006"}));
  REQUIRE(unknown);
  CHECK(unknown->end->success);
  CHECK(unknown->marks.size() == 1);
  CHECK(unknown->log_damaged);
}

TEST_CASE("a record that was torn anywhere tells what was whole before", "[journal]") {
  auto const whole = lines_of_a_whole_job();
  auto const first = began_line(sample()).size();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    auto const read = read_record(std::string_view(whole).substr(0, length));
    REQUIRE(read.has_value() == (length >= first));
    if (read) CHECK_FALSE(read->end);
  }
}

TEST_CASE("a damaged byte spoils its line and no other", "[journal]") {
  auto const whole = lines_of_a_whole_job();
  auto const last = whole.size() - end_line().size();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    auto damaged = whole;
    damaged[at] ^= 1;
    auto const read = read_record(damaged);
    if (at < began_line(sample()).size()) {
      CHECK_FALSE(read);
    } else {
      REQUIRE(read);
      // Without its line feed a line takes the next one with it.
      CHECK(read->end.has_value() == (at < last - 1));
    }
  }
}

TEST_CASE("a line that was written in part and then whole is read", "[journal]") {
  auto const began = began_line(sample());
  for (std::size_t length = 0; length <= began.size(); ++length) {
    CAPTURE(length);
    auto const read = read_record(began.substr(0, length) + "\n" + began + end_line());
    REQUIRE(read);
    CHECK(read->end);
  }
}

TEST_CASE("a record of a newer version is read as far as it is known", "[journal]") {
  auto const read = read_record(began_line(sample()) + ended_line({.success = true}, {}));
  REQUIRE(read);
  CHECK(read->end->success);
  CHECK_FALSE(read_record("not a record\n"));
  CHECK_FALSE(read_record(acknowledged_line(1, {})));
}

}  // namespace corunner
