#include "runner/job/build_directories.hpp"

#include "test/runner/job/job_bench.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

// A job that wants to work where job 7 does.
struct crowded : test::job_bench {
  std::optional<build_directories::lease> other;
  crowded() {
    script({"make"});
    other.emplace(directories.take("/work-dir/builds/bench0tok/0/group/project", 7));
  }
};

}  // namespace

TEST_CASE("a job waits for another that works in its directory", "[job][directories]") {
  crowded b;
  b.start();
  b.advance(10s);
  CHECK(b.world.prepared.empty());
  CHECK(b.logged_line("Waiting for job 7, which works in "
                      "/work-dir/builds/bench0tok/0/group/project...\\e[0;m\n"));
  b.other.reset();
  CHECK(b.finish().ok());
  CHECK_FALSE(b.directories.in_the_way_of("/work-dir/builds/bench0tok/0/group/project").gone);
}

TEST_CASE("a job that waits for its directory can be cancelled, and runs out of time",
          "[job][directories]") {
  crowded b;
  SECTION("cancelled") {
    b.start();
    b.job->cancel();
    CHECK(b.finish().message == "canceled");
  }
  SECTION("prepare_timeout") {
    b.runner.prepare_timeout = 30s;
    CHECK(b.run().message == "prepare timeout: exceeded timeout of 30s");
  }
  CHECK(b.world.prepared.empty());
  // It never had it: the other still does.
  CHECK(b.directories.in_the_way_of("/work-dir/builds/bench0tok/0/group/project").job == 7);
}

TEST_CASE("directories that hold one another are in each other's way", "[job][directories]") {
  asio::io_context io;
  build_directories all(io.get_executor());
  auto const held = all.take("/builds/group/project", 7);
  auto const [path, is] = GENERATE(table<std::string, bool>({
      {"/builds/group/project", true},
      {"/builds/group/project/sub", true},
      {"/builds/group", true},
      {"/", true},
      {"/builds/group/project.tmp", true},  // has our variables in it
      {"/builds/group/project-2", false},
      {"/builds/group/proj", false},
      {"/other", false},
  }));
  CAPTURE(path);
  CHECK((all.in_the_way_of(path).job == 7) == is);
}
