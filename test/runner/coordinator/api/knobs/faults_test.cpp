#include "runner/coordinator/faults.hpp"
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using test::coordinator_world;

namespace {

coordinator::fault fault_of(std::string endpoint, int status) {
  coordinator::fault made;
  made.endpoint = std::move(endpoint);
  made.status = status;
  return made;
}

}  // namespace

TEST_CASE("a fault falsifies as many answers as it says, then the truth returns",
          "[coordinator][faults]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto five = fault_of("request_job", 500);
  five.times = 2;
  five.skip = 1;
  world.in->faults.add(five);
  CHECK(world.request_job("glrt-one").status == 204);
  CHECK(world.request_job("glrt-one").status == 500);
  CHECK(world.request_job("glrt-one").status == 500);
  CHECK(world.request_job("glrt-one").status == 204);
  auto const& done = world.in->faults.entries().at(0);
  CHECK(done.turns == 2);
  CHECK(done.later == 1);
}

TEST_CASE("a fault may let the request be done and lie about it", "[coordinator][faults]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline("a:\n  script: x\n");
  auto const job = world.take_job("glrt-one");
  auto accepted = fault_of("update_job", 202);
  accepted.state = "success";
  accepted.interval = 2;
  accepted.body = "202";
  world.in->faults.add(accepted);
  CHECK(world.put_job(job, "running").status == 200);
  auto const lie = world.put_job(job, "success");
  CHECK(lie.status == 202);
  CHECK(lie.field("X-GitLab-Trace-Update-Interval") == "2");
  CHECK(world.status_of(1) == "running");

  auto dropped = fault_of("update_job", 0);
  dropped.drop = true;
  dropped.perform = true;
  world.in->faults.add(dropped);
  CHECK(world.put_job(job, "success").status == 0);
  CHECK(world.status_of(1) == "success");
}

TEST_CASE("a fault may add fields to a true answer, or delay it", "[coordinator][faults]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline("a:\n  script: x\n");
  auto const job = world.take_job("glrt-one");
  auto canceled = fault_of("append_trace", 0);
  canceled.job_status = "canceled";
  world.in->faults.add(canceled);
  auto const patched = world.patch_trace(job, "0-0", "x");
  CHECK(patched.status == 202);
  CHECK(patched.field("Job-Status") == "canceled");

  auto mismatch = fault_of("append_trace", 416);
  mismatch.range_end = 0;
  world.in->faults.add(mismatch);
  CHECK(world.patch_trace(job, "1-1", "y").field("Range") == "0-0");

  auto slow = fault_of("*", 0);
  slow.delay = 5s;
  world.in->faults.add(slow);
  auto const held = world.begin("POST", "/api/v4/runners/verify", R"({"token":"glrt-one"})");
  test::settle(world.io);
  CHECK_FALSE(held->finished);
  world.time.advance(5s);
  test::settle(world.io);
  CHECK(held->status == 200);
}

TEST_CASE("a fault may be one job's, one runner's, or last for a time", "[coordinator][faults]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_runner("glrt-two");
  world.add_pipeline("a:\n  script: x\nb:\n  script: x\n");
  auto other_runner = fault_of("request_job", 500);
  other_runner.token = "glrt-two";
  world.in->faults.add(other_runner);
  auto const a = world.take_job("glrt-one");
  CHECK(world.request_job("glrt-two").status == 500);
  auto const b = world.take_job("glrt-two");

  auto minute = fault_of("update_job", 503);
  minute.job = 2;
  minute.lasting = 60s;
  world.in->faults.add(minute);
  CHECK(world.put_job(a, "running").status == 200);
  for (int i = 0; i < 3; ++i) {
    CHECK(world.put_job(b, "running").status == 503);
    world.time.advance(20s);
  }
  CHECK(world.put_job(b, "running").status == 200);
  CHECK(world.in->faults.entries().at(1).turns == 3);
}

TEST_CASE("a fault may cut a true body, slow it down, or tell another type",
          "[coordinator][faults]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  auto cut = fault_of("verify", 0);
  cut.cut = 5;
  cut.content_type = "text/html";
  world.in->faults.add(cut);
  auto const got = world.call("POST", "/runners/verify", R"({"token":"glrt-one"})");
  CHECK(got.status == 200);
  CHECK(got.body.size() == 5);
  CHECK(got.field("Content-Type") == "text/html");

  auto slow = fault_of("verify", 0);
  slow.trickle = 10s;
  world.in->faults.add(slow);
  auto const held = world.begin("POST", "/api/v4/runners/verify", R"({"token":"glrt-one"})");
  for (int second = 0; second < 10; ++second) {
    test::settle(world.io);
    CHECK_FALSE(held->finished);
    world.time.advance(1s);
  }
  test::settle(world.io);
  CHECK(held->finished);
}

TEST_CASE("faults can be ordered over HTTP only when that is allowed", "[coordinator][faults]") {
  coordinator_world closed;
  CHECK(closed.call("POST", "/_test/faults", R"({"endpoint":"verify","status":500})").status ==
        404);
  coordinator::server_options open;
  open.test_endpoints = true;
  coordinator_world world(open);
  world.add_runner("glrt-one");
  CHECK(world
            .call("POST", "/_test/faults",
                  R"({"endpoint":"verify","status":503,"times":-1,"retry_after":7})")
            .status == 204);
  auto const got = world.call("POST", "/runners/verify", R"({"token":"glrt-one"})");
  CHECK(got.status == 503);
  CHECK(got.field("Retry-After") == "7");
  CHECK(world.call("DELETE", "/_test/faults").status == 204);
  CHECK(world.call("POST", "/runners/verify", R"({"token":"glrt-one"})").status == 200);
}
