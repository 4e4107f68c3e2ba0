// The jobs and managers of a runner, and deleting with a condition (runners-api.md 4.2).
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

using namespace corunner;
using namespace std::chrono_literals;
using test::coordinator_world;
using test::ids_of;

namespace {

using list = std::vector<std::int64_t>;

std::string next_of(test::answer const& got) {
  auto const link = got.field("Link");
  auto const end = link.find(">; rel=\"next\"");
  if (end == std::string::npos) return {};
  auto const begin = link.rfind('<', end) + 1;
  return link.substr(begin, end - begin);
}

// Runner 1 has had jobs 1 to 5; job 2 failed, 5 still runs.
class busy_world : public coordinator_world {
 public:
  busy_world() {
    add_runner("glrt-1");
    add_pipeline(
        "a:\n  script: x\nb:\n  script: x\nc:\n  script: x\nd:\n  script: x\ne:\n  script: x\n");
    for (int i = 1; i <= 5; ++i) {
      auto const job = take_job("glrt-1");
      if (i < 5) {
        put_job(job, i == 2 ? "failed" : "success", R"(,"failure_reason":"script_failure")");
      }
    }
  }
};

}  // namespace

TEST_CASE("jobs of a runner are filtered and ordered as asked", "[coordinator][lists]") {
  struct row {
    char const* query;
    list ids;
  };
  auto const at = GENERATE(values<row>({
      {"", {1, 2, 3, 4, 5}},
      {"sort=desc", {1, 2, 3, 4, 5}},
      {"order_by=id", {5, 4, 3, 2, 1}},
      {"order_by=id&sort=asc", {1, 2, 3, 4, 5}},
      {"status=failed", {2}},
      {"status=running", {5}},
      {"status=manual", {}},
      {"system_id=s_1", {1, 2, 3, 4, 5}},
      {"system_id=unknown", {}},
      {"per_page=2&page=3", {5}},
  }));
  CAPTURE(at.query);
  busy_world world;
  CHECK(ids_of(world.admin_call("GET", fmt::format("/runners/1/jobs?{}", at.query))) == at.ids);
}

TEST_CASE("jobs of a runner are refused in GitLab's words", "[coordinator][lists]") {
  busy_world world;
  CHECK(world.admin_call("GET", "/runners/1/jobs?order_by=name").body ==
        R"({"error":"order_by does not have a valid value"})");
  CHECK(world.admin_call("GET", "/runners/1/jobs?status=online").body ==
        R"({"error":"status does not have a valid value"})");
  CHECK(world.admin_call("GET", "/runners/x/jobs").body == R"({"error":"id is invalid"})");
  CHECK(world.admin_call("GET", "/runners/2/jobs").body == R"({"message":"404 Runner Not Found"})");
}

TEST_CASE("jobs of one manager are not counted", "[coordinator][lists]") {
  busy_world world;
  auto const got = world.admin_call("GET", "/runners/1/jobs?system_id=s_1&per_page=2&page=2");
  CHECK(ids_of(got) == list{3, 4});
  CHECK_FALSE(got.fields.contains("X-Total"));
  CHECK_FALSE(got.fields.contains("X-Total-Pages"));
  CHECK(got.field("X-Next-Page") == "3");
  CHECK(got.field("Link").find("rel=\"last\"") == std::string::npos);
  CHECK(next_of(got).ends_with("page=3&per_page=2"));
  CHECK(
      next_of(world.admin_call("GET", "/runners/1/jobs?system_id=s_1&per_page=2&page=3")).empty());
}

TEST_CASE("the keyset form leads from page to page by its links alone", "[coordinator][lists]") {
  busy_world world;
  std::string const host = "http://coordinator.test/api/v4";
  std::string target = "/runners/1/jobs?pagination=keyset&order_by=id&sort=desc&per_page=2";
  list seen;
  int pages = 0;
  while (!target.empty()) {
    REQUIRE(++pages <= 3);
    auto const got = world.admin_call("GET", target);
    for (auto const id : ids_of(got)) seen.push_back(id);
    CHECK_FALSE(got.fields.contains("X-Total"));
    CHECK_FALSE(got.fields.contains("X-Page"));
    auto const next = next_of(got);
    target = next.empty() ? "" : next.substr(host.size());
  }
  CHECK(seen == list{5, 4, 3, 2, 1});
  CHECK(pages == 3);
  CHECK(world.admin_call("GET", "/runners/1/jobs?pagination=keyset").status == 405);
  CHECK(world.admin_call("GET", "/runners/1/jobs?pagination=keyset&order_by=id&cursor=x").body ==
        R"({"error":"cursor is invalid"})");
}

TEST_CASE("a listed job has what GitLab's has", "[coordinator][lists]") {
  busy_world world;
  auto const jobs = world.admin_call("GET", "/runners/1/jobs").json().as_array();
  for (auto const* const key :
       {"id", "status", "stage", "name", "ref", "tag", "coverage", "allow_failure", "created_at",
        "started_at", "finished_at", "erased_at", "duration", "queued_duration", "user", "commit",
        "pipeline", "web_url", "project"}) {
    CAPTURE(key);
    CHECK(jobs[0].as_object().contains(key));
  }
  CHECK_FALSE(jobs[0].as_object().contains("failure_reason"));
  CHECK(jobs[1].at("failure_reason") == "script_failure");
}

TEST_CASE("a runner and its manager are active while one of its jobs runs",
          "[coordinator][runners]") {
  busy_world world;
  auto const of = [&](std::string const& target) { return world.admin_call("GET", target).json(); };
  CHECK(of("/runners/1").at("job_execution_status") == "active");
  CHECK(of("/runners/1/managers").as_array()[0].at("job_execution_status") == "active");
  world.call("POST", "/runners/verify", R"({"token":"glrt-1","system_id":"s_2"})");
  auto const managers = of("/runners/1/managers").as_array();
  for (auto const& manager : managers) {
    CHECK(manager.at("job_execution_status") ==
          (manager.at("system_id") == "s_1" ? "active" : "idle"));
  }
  world.admin_call("POST", "/projects/1/jobs/5/cancel");
  CHECK(of("/runners/1").at("job_execution_status") == "idle");
}

TEST_CASE("what changed after the client saw it is not deleted", "[coordinator][runners]") {
  coordinator_world world;
  world.add_project("group/one");
  world.add_project("group/two");
  world.make_runner(R"({"runner_type":"project_type","project_id":1})");
  world.time.advance(1h);
  world.admin_call("PUT", "/runners/1", R"({"description":"new"})");
  world.admin_call("POST", "/projects/2/runners", R"({"runner_id":1})");
  auto const remove = [&](std::string const& target, std::string const& when) {
    net::http_fields fields{{"PRIVATE-TOKEN", world.admin}, {"If-Unmodified-Since", when}};
    return world.call("DELETE", target, {}, fields);
  };
  std::string const past = "Mon, 25 Jan 2016 16:39:48 GMT";
  std::string const future = "Mon, 25 Jan 2100 16:39:48 GMT";
  CHECK(remove("/projects/2/runners/1", past).body == R"({"message":"412 Precondition Failed"})");
  CHECK(remove("/runners/1", past).status == 412);
  CHECK(remove("/projects/2/runners/1", future).status == 204);
  CHECK(remove("/runners/1", "no date").status == 204);
}
