#include "runner/job/time_line.hpp"

#include "test/runner/job/job_bench.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <chrono>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using lines = std::vector<std::string>;

struct job_times {
  void stage(std::string_view name, time_line::duration took) {
    times.add(name, now, now + took);
    now += took;
  }
  time_line times;
  time_line::time_point now{};
};

}  // namespace

TEST_CASE("the time line shows how long each part took, and when", "[job][time_line]") {
  job_times job;
  job.stage("prepare_executor", 1s);
  job.stage("prepare_script", 1s);
  job.stage("get_sources", 5s);
  job.stage("restore_cache", 4s);
  job.stage("download_artifacts", 0s);
  job.stage("step_script", 22s);
  job.stage("after_script", 2s);
  job.stage("archive_cache", 4s);
  job.stage("upload_artifacts_on_success", 4s);
  job.stage("cleanup_file_variables", 1s);
  CHECK(job.times.table(75s) ==
        lines{"Where the time went:",
              "  queue      1 m 15 s",
              "  prepare      2.00 s  ##",
              "  git          5.00 s    #####",
              "  cache        8.00 s         ####                        ####",
              "  script      24.00 s             ########################",
              "  upload       4.00 s                                         ####",
              "  clean-up     1.00 s                                             #"});
}

TEST_CASE("a stage in which nothing ran has no line, and a job without stages no time line",
          "[job][time_line]") {
  CHECK(time_line().table(5s).empty());
  job_times job;
  job.stage("get_sources", 900us);
  CHECK(job.times.table(5s).empty());
  job.stage("step_script", 1ms);
  CHECK(job.times.table(0s) ==
        lines{"Where the time went:",
              "  script       0.00 s  ############################################"});
}

TEST_CASE("a user's own step is part of the script", "[job][time_line]") {
  job_times job;
  job.stage("release", 10ms);
  CHECK(job.times.table(0s).back().starts_with("  script       0.01 s  #"));
}

TEST_CASE("however long a job took, its time line is no wider than it may be", "[job][time_line]") {
  auto const [took, text] = GENERATE(table<time_line::duration, std::string>({
      {59s + 994ms, "   59.99 s"},
      {59s + 996ms, "  1 m 00 s"},
      {59min + 59s, " 59 m 59 s"},
      {1h, "  1 h 00 m"},
      {99h + 59min, " 99 h 59 m"},
      {20'000h, "999 h 00 m"},
  }));
  job_times job;
  job.stage("prepare_executor", 1ms);
  job.stage("step_script", took);
  auto const table = job.times.table(took);
  CAPTURE(took.count());
  CHECK(table[1] == "  queue    " + text);
  CHECK(table.back().starts_with("  script   " + text + "  #"));
  for (auto const& line : table) CHECK(line.size() <= time_line::width);
}

TEST_CASE("the time line stands before the last line of the log, when it is wanted",
          "[job][time_line]") {
  for (int const code : {0, 7}) {
    test::job_bench b;
    b.runner.log_timeline = true;
    b.payload.job_info.time_in_queue_seconds = 1.5;
    b.script({"true"});
    b.world.set(
        "step_script",
        {.lasts = 2s, .outcome = {.how = exec::stage_outcome::kind::exited, .exit_code = code}});
    b.run();
    CAPTURE(code, b.log());
    auto const whole = b.log();
    auto const table = whole.substr(whole.find("\\e[0KWhere the time went:"));
    CHECK(
        table.starts_with("\\e[0KWhere the time went:\\e[0;m\n\\e[0K  queue        1.50 s\\e[0;m\n"
                          "\\e[0K  script       2.00 s  #"));
    CHECK(table.find(code == 0 ? "#\\e[0;m\n\\e[32;1mJob succeeded\\e[0;m\n"
                               : "#\\e[0;m\n\\e[31;1mERROR: Job failed: exit status 7") !=
          std::string::npos);
  }
  test::job_bench unasked;
  unasked.script({"true"});
  unasked.world.set("step_script", {.lasts = 2s});
  unasked.run();
  CHECK_FALSE(unasked.logged_line("Where the time went"));
}

}  // namespace corunner
