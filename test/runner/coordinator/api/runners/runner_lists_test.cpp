// Filters and pages of the lists of runners (runners-api.md 1.5, 4.1).
#include "runner/coordinator/token.hpp"
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

// Runner 1 was made eight days ago and never heard of; 2 was heard of eight days ago; 3 three hours
// ago; 4 just now; 5 too, and is paused. 6 is new. 3 is a group's, 4 a project's.
class aged_world : public coordinator_world {
 public:
  aged_world() {
    auto const project = add_project("group/one");
    auto const group = *in->data.projects.find_group("group");
    add_runner("glrt-1", {"a"});
    add_runner("glrt-2", {"a", "b"});
    hear("glrt-2", "15.0.2");
    time.advance(8 * 24h);
    coordinator::runner_record of_group = record("glrt-3");
    of_group.type = "group_type";
    of_group.group_id = group;
    in->data.runners.add(of_group);
    hear("glrt-3", "15.10.0");
    time.advance(3h);
    coordinator::runner_record of_project = record("glrt-4");
    of_project.type = "project_type";
    in->data.runners.add(of_project);
    in->data.runners.assign(of_project.id, project, in->now());
    hear("glrt-4", "15.1.241");
    add_runner("glrt-5", {"b", "a", "c"});
    hear("glrt-5", "16.0.0~beta.1");
    admin_call("PUT", "/runners/5", R"({"paused":true})");
    add_runner("glrt-6");
  }

  list ids(std::string const& target) { return ids_of(admin_call("GET", target)); }

 private:
  coordinator::runner_record record(std::string const& token) {
    coordinator::runner_record made;
    made.token_hash = coordinator::sha256(token);
    made.uuid = coordinator::make_uuid(in->now());
    made.created_at = in->now();
    return made;
  }
  void hear(std::string const& token, std::string const& version) {
    auto const got =
        call("POST", "/runners/verify",
             fmt::format(R"({{"token":"{}","system_id":"s","info":{{"version":"{}"}}}})", token,
                         version));
    REQUIRE(got.status == 200);
  }
};

}  // namespace

TEST_CASE("a group is found by its number and by its path, by those who are in it",
          "[coordinator]") {
  aged_world world;
  CHECK(world.admin_call("GET", "/groups/group").body == world.admin_call("GET", "/groups/1").body);
  CHECK(world.admin_call("GET", "/groups/group").body.find(R"("full_path":"group")") !=
        std::string::npos);
  CHECK(world.admin_call("GET", "/groups/other").status == 404);
}

TEST_CASE("each filter keeps the runners that it names, several keep what all keep",
          "[coordinator][lists]") {
  struct row {
    char const* query;
    list ids;
  };
  auto const at = GENERATE(values<row>({
      {"", {1, 2, 3, 4, 5, 6}},
      {"status=online", {4, 5}},
      {"status=offline", {2, 3}},
      {"status=stale", {1, 2}},
      {"status=never_contacted", {1, 6}},
      {"status=active", {1, 2, 3, 4, 6}},
      {"status=paused", {5}},
      {"paused=true", {5}},
      {"paused=false", {1, 2, 3, 4, 6}},
      {"paused=false&status=paused", {}},
      {"type=instance_type", {1, 2, 5, 6}},
      {"type=group_type", {3}},
      {"type=project_type", {4}},
      {"scope=specific", {3, 4}},
      {"scope=shared", {1, 2, 5, 6}},
      {"scope=group_type", {3}},
      {"scope=group_type&type=project_type", {}},
      {"scope=online&type=instance_type", {5}},
      {"tag_list=a", {1, 2, 5}},
      {"tag_list=a,b", {2, 5}},
      {"tag_list[]=b&tag_list[]=a", {2, 5}},
      {"tag_list=A", {}},
      {"version_prefix=15", {2, 3, 4}},
      {"version_prefix=15.1", {4}},
      {"version_prefix=15.1.241", {4}},
      {"version_prefix=15.0.", {2}},
      {"version_prefix=16.0.0", {5}},
      {"version_prefix=1", {}},
      {"version_prefix=15.0.2&status=stale&tag_list=b", {2}},
  }));
  CAPTURE(at.query);
  aged_world world;
  CHECK(world.ids(fmt::format("/runners/all?{}", at.query)) == at.ids);
}

TEST_CASE("the status that is shown is not the one that filters", "[coordinator][lists]") {
  aged_world world;
  std::vector<std::string> shown;
  auto const runners = world.admin_call("GET", "/runners").json().as_array();
  for (auto const& runner : runners) {
    shown.emplace_back(runner.at("status").as_string());
  }
  CHECK(shown == std::vector<std::string>{"stale", "stale", "offline", "online", "paused",
                                          "never_contacted"});
}

TEST_CASE("values that a list does not know are refused", "[coordinator][lists]") {
  struct row {
    char const* target;
    char const* answer;
  };
  auto const at = GENERATE(values<row>({
      {"/runners?scope=specific", R"({"error":"scope does not have a valid value"})"},
      {"/runners/all?scope=bogus", R"({"error":"scope does not have a valid value"})"},
      {"/runners/all?status=running", R"({"error":"status does not have a valid value"})"},
      {"/runners/all?type=shared", R"({"error":"type does not have a valid value"})"},
      {"/runners/all?paused=maybe", R"({"error":"paused is invalid"})"},
      {"/runners/all?version_prefix=v15", R"({"error":"version_prefix is invalid"})"},
      {"/runners/all?per_page=0", R"({"error":"per_page has a value not allowed"})"},
      {"/runners/all?per_page=-1", R"({"error":"per_page does not have a valid value"})"},
      {"/runners/all?page=0&status=x",
       R"({"error":"status does not have a valid value, page does not have a valid value"})"},
      {"/projects/1/runners?scope=bogus", R"({"error":"scope does not have a valid value"})"},
      {"/groups/group/runners?type=x", R"({"error":"type does not have a valid value"})"},
  }));
  CAPTURE(at.target);
  aged_world world;
  auto const got = world.admin_call("GET", at.target);
  CHECK(got.status == 400);
  CHECK(got.body == at.answer);
}

TEST_CASE("the list of a group knows no scope, and there is no list of all of a project",
          "[coordinator][lists]") {
  aged_world world;
  CHECK(world.ids("/groups/group/runners?scope=bogus") == list{1, 2, 3, 5, 6});
  CHECK(world.admin_call("GET", "/projects/1/runners/all").body == R"({"error":"404 Not Found"})");
  CHECK(world.admin_call("GET", "/groups/group/runners/all").body ==
        R"({"error":"404 Not Found"})");
}

TEST_CASE("a page tells where the others are", "[coordinator][lists]") {
  aged_world world;
  auto const got =
      world.admin_call("GET", "/runners/all?per_page=2&page=2&paused=false&tag_list[]=");
  CHECK(ids_of(got) == list{3, 4});
  CHECK(got.field("X-Page") == "2");
  CHECK(got.field("X-Per-Page") == "2");
  CHECK(got.field("X-Next-Page") == "3");
  CHECK(got.field("X-Prev-Page") == "1");
  CHECK(got.field("X-Total") == "5");
  CHECK(got.field("X-Total-Pages") == "3");
  std::string const base =
      "<http://coordinator.test/api/v4/runners/all?paused=false&tag_list%5B%5D=&page=";
  CHECK(got.field("Link") ==
        base + "1&per_page=2>; rel=\"prev\", " + base + "3&per_page=2>; rel=\"next\", " + base +
            "1&per_page=2>; rel=\"first\", " + base + "3&per_page=2>; rel=\"last\"");
}

TEST_CASE("past the last page there is nothing, and no way on or back", "[coordinator][lists]") {
  aged_world world;
  auto const target = GENERATE("/runners/all?page=9", "/runners/all?page=9223372036854775807",
                               "/runners/all?tag_list=none");
  CAPTURE(target);
  auto const got = world.admin_call("GET", target);
  CHECK(ids_of(got).empty());
  CHECK(got.field("X-Next-Page").empty());
  CHECK(got.field("X-Prev-Page").empty());
  CHECK(got.field("X-Total-Pages") == "1");
  CHECK(got.field("Link").find("rel=\"next\"") == std::string::npos);
}

TEST_CASE("a page has a hundred items at most, and credentials stay out of links",
          "[coordinator][lists]") {
  coordinator_world world;
  for (int i = 0; i < 101; ++i) world.add_runner(fmt::format("glrt-{}", i));
  auto const got = world.call("GET", "/runners?per_page=500&private_token=" + world.admin);
  CHECK(ids_of(got).size() == 100);
  CHECK(got.field("X-Per-Page") == "100");
  CHECK(got.field("Link").find("glpat-") == std::string::npos);
  CHECK(world.call("GET", "/runners?per_page=&private_token=" + world.admin).field("X-Per-Page") ==
        "20");
}

TEST_CASE("HEAD is answered as GET", "[coordinator][lists]") {
  aged_world world;
  auto const got = world.admin_call("HEAD", "/runners/all");
  CHECK(got.status == 200);
  CHECK(got.field("X-Total") == "6");
}

TEST_CASE("more than ten thousand are not counted", "[coordinator][lists]") {
  coordinator_world world;
  auto const fill = [&](int from, int to) {
    world.in->data.db.script(fmt::format(
        "WITH RECURSIVE n(i) AS (SELECT {} UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
        "INSERT INTO runners(uuid, type, token_hash, active, locked, run_untagged, tags, access_level, "
        "registration_type, creation_state, created_at) SELECT 'u', 'instance_type', 'h' || i, 1, 0, 1, '[]', "
        "'not_protected', 'authenticated_user', 'started', 0 FROM n",
        from, to));
  };
  fill(1, 10'000);
  CHECK(world.admin_call("GET", "/runners/all").field("X-Total") == "10000");
  fill(10'001, 10'001);
  auto const got = world.admin_call("GET", "/runners/all?page=100&per_page=100");
  CHECK_FALSE(got.fields.contains("X-Total"));
  CHECK_FALSE(got.fields.contains("X-Total-Pages"));
  CHECK(got.field("X-Next-Page") == "101");
  CHECK(got.field("Link").find("rel=\"last\"") == std::string::npos);
  CHECK(world.admin_call("GET", "/runners/all?page=101&per_page=100").field("X-Next-Page").empty());
}
