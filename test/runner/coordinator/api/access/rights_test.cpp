// Users of different roles: who may do what with which runner (runners-api.md 1.4).
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

using namespace corunner;
using coordinator::role;
using test::coordinator_world;

namespace {

// Group "top" with project "top/one" and subgroup "top/sub" with project "top/sub/two";
// "other/three" beside them. Runner 1 is the instance's, 2 of group top, 3 of top/one, 4 of top/one
// and other/three.
class populated_world : public coordinator_world {
 public:
  populated_world() {
    one = add_project("top/one");
    two = add_project("top/sub/two");
    three = add_project("other/three");
    auto const top = *in->data.projects.find_group("top");
    make_runner(R"({"runner_type":"instance_type","maintenance_note":"note"})");
    make_runner(fmt::format(
        R"({{"runner_type":"group_type","group_id":{},"maintenance_note":"note"}})", top));
    for (int i = 0; i < 2; ++i) {
      make_runner(fmt::format(
          R"({{"runner_type":"project_type","project_id":{},"maintenance_note":"note"}})", one));
    }
    REQUIRE(admin_call("POST", "/projects/other%2Fthree/runners", R"({"runner_id":4})").status ==
            201);
    add_user("nobody");
    add_user("auditor", true);
    add_user("owner");
    add_member("owner", "top", role::owner);
    add_user("keeper");  // maintains the group
    add_member("keeper", "top", role::maintainer);
    add_user("one");  // maintains project one alone
    add_member("one", "top/one", role::maintainer);
    add_user("three");
    add_member("three", "other/three", role::maintainer);
    add_user("coder");
    add_member("coder", "top", role::developer);
  }
  std::int64_t one = 0;
  std::int64_t two = 0;
  std::int64_t three = 0;

  int status(std::string const& user, std::string const& method, std::string const& target,
             std::string const& body = {}) {
    return user_call("glpat-" + user, method, target, body).status;
  }
};

}  // namespace

TEST_CASE("each role reads, lists jobs of, and changes the runners that are its",
          "[coordinator][rights]") {
  struct row {
    char const* user;
    int details[4];  // of runners 1 to 4
    int jobs[4];
    int change[4];
  };
  auto const at = GENERATE(values<row>({
      {"nobody", {200, 403, 403, 403}, {403, 403, 403, 403}, {403, 403, 403, 403}},
      {"coder", {200, 403, 403, 403}, {403, 403, 403, 403}, {403, 403, 403, 403}},
      {"three", {200, 403, 403, 200}, {403, 403, 403, 200}, {403, 403, 403, 200}},
      {"one", {200, 200, 200, 200}, {403, 403, 200, 200}, {403, 403, 200, 200}},
      {"keeper", {200, 200, 200, 200}, {403, 200, 200, 200}, {403, 403, 200, 200}},
      {"owner", {200, 200, 200, 200}, {403, 200, 200, 200}, {403, 200, 200, 200}},
      {"auditor", {200, 200, 200, 200}, {200, 200, 200, 200}, {403, 403, 403, 403}},
  }));
  CAPTURE(at.user);
  populated_world world;
  for (int id = 1; id <= 4; ++id) {
    CAPTURE(id);
    auto const path = fmt::format("/runners/{}", id);
    CHECK(world.status(at.user, "GET", path) == at.details[id - 1]);
    CHECK(world.status(at.user, "GET", path + "/managers") == at.details[id - 1]);
    CHECK(world.status(at.user, "GET", path + "/projects") == at.details[id - 1]);
    CHECK(world.status(at.user, "GET", path + "/jobs") == at.jobs[id - 1]);
    CHECK(world.status(at.user, "PUT", path, R"({"description":"d"})") == at.change[id - 1]);
    int const reset = at.change[id - 1] == 200 ? 201 : 403;
    CHECK(world.status(at.user, "POST", path + "/reset_authentication_token") == reset);
  }
}

TEST_CASE("a refusal says that no access is granted", "[coordinator][rights]") {
  populated_world world;
  for (auto const* const method : {"GET", "DELETE"}) {
    CHECK(world.user_call("glpat-nobody", method, "/runners/3").body ==
          R"({"message":"403 Forbidden - No access granted"})");
  }
}

TEST_CASE("notes are for those who may change the runner, projects for those who see them",
          "[coordinator][rights]") {
  populated_world world;
  auto const note = [&](std::string const& user, int id) {
    return world.user_call("glpat-" + user, "GET", fmt::format("/runners/{}", id))
        .json()
        .at("maintenance_note");
  };
  CHECK(note("nobody", 1).is_null());
  CHECK(note("keeper", 2).is_null());
  CHECK(note("owner", 2) == "note");
  auto const seen =
      world.user_call("glpat-one", "GET", "/runners/4").json().at("projects").as_array();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].at("path_with_namespace") == "top/one");
  CHECK(world.admin_call("GET", "/runners/4").json().at("projects").as_array().size() == 2);
  CHECK_FALSE(world.admin_call("GET", "/runners/4?include_projects=false")
                  .json()
                  .as_object()
                  .contains("projects"));
}

TEST_CASE("a runner of several projects is deleted by the administrator alone",
          "[coordinator][rights]") {
  populated_world world;
  CHECK(world.user_call("glpat-one", "DELETE", "/runners/4").body ==
        R"({"message":"403 Forbidden - Runner associated with more than one project"})");
  CHECK(world.status("one", "DELETE", "/runners/3") == 204);
  CHECK(world.status("keeper", "DELETE", "/runners/2") == 403);
  CHECK(world.status("owner", "DELETE", "/runners/2") == 204);
  CHECK(world.admin_call("DELETE", "/runners/4").status == 204);
  CHECK(world.admin_call("DELETE", "/runners/4").body == R"({"message":"404 Runner Not Found"})");
}

TEST_CASE("runners are made where their maker has the say", "[coordinator][rights]") {
  populated_world world;
  auto const top = *world.in->data.projects.find_group("top");
  auto const make = [&](std::string const& user, std::string const& where) {
    return world.user_call("glpat-" + user, "POST", "/user/runners", where);
  };
  std::string const instance = R"({"runner_type":"instance_type"})";
  auto const group = fmt::format(R"({{"runner_type":"group_type","group_id":{}}})", top);
  auto const project =
      fmt::format(R"({{"runner_type":"project_type","project_id":{}}})", world.two);
  CHECK(make("owner", instance).body ==
        R"({"message":"403 Forbidden - Insufficient permissions"})");
  CHECK(make("keeper", group).status == 403);
  CHECK(make("owner", group).status == 201);
  CHECK(make("coder", project).status == 403);
  CHECK(make("keeper", project).status == 201);
  CHECK(make("owner", R"({"runner_type":"group_type","group_id":99})").body ==
        R"({"message":"400 Bad request - invalid scope"})");
}

TEST_CASE("lists hold what their reader may see", "[coordinator][rights]") {
  populated_world world;
  auto const ids = [&](std::string const& user, std::string const& target) {
    return test::ids_of(world.user_call("glpat-" + user, "GET", target));
  };
  using list = std::vector<std::int64_t>;
  CHECK(ids("nobody", "/runners").empty());
  CHECK(ids("one", "/runners") == list{3, 4});
  CHECK(ids("owner", "/runners") == list{2, 3, 4});
  CHECK(ids("auditor", "/runners/all") == list{1, 2, 3, 4});
  CHECK(world.user_call("glpat-owner", "GET", "/runners/all").body ==
        R"({"message":"403 Forbidden"})");
  CHECK(ids("one", "/projects/top%2Fone/runners") == list{1, 2, 3, 4});
  CHECK(ids("keeper", "/projects/top%2Fsub%2Ftwo/runners") == list{1, 2});
  CHECK(ids("three", "/projects/other%2Fthree/runners") == list{1, 4});
  CHECK(ids("keeper", "/groups/top%2Fsub/runners") == list{1, 2});
  CHECK(ids("auditor", "/groups/other/runners") == list{1});
  CHECK(world.status("coder", "GET", "/projects/top%2Fone/runners") == 403);
  CHECK(world.user_call("glpat-three", "GET", "/projects/top%2Fone/runners").body ==
        R"({"message":"404 Project Not Found"})");
  CHECK(world.user_call("glpat-three", "GET", "/groups/top/runners").body ==
        R"({"message":"404 Group Not Found"})");
  world.in->data.projects.allow_runners(world.one, false, false);
  CHECK(ids("one", "/projects/top%2Fone/runners") == list{3, 4});
}

TEST_CASE("a runner is shared by who may change it and the project, unless it is locked",
          "[coordinator][rights]") {
  populated_world world;
  world.add_member("one", "top/sub/two", role::maintainer);
  auto const assign = [&](std::string const& user, int runner) {
    return world.user_call("glpat-" + user, "POST", "/projects/top%2Fsub%2Ftwo/runners",
                           fmt::format(R"({{"runner_id":{}}})", runner));
  };
  CHECK(assign("coder", 3).status == 403);
  CHECK(assign("one", 2).body == R"({"message":"403 Forbidden - Runner is a group runner"})");
  CHECK(assign("one", 1).body == R"({"message":"403 Forbidden - No access granted"})");
  CHECK(world.admin_call("POST", "/projects/2/runners", R"({"runner_id":1})").status == 400);
  CHECK(assign("one", 9).body == R"({"message":"404 Runner Not Found"})");
  CHECK(world.admin_call("POST", "/projects/2/runners", "{}").body ==
        R"({"error":"runner_id is missing"})");

  world.admin_call("PUT", "/runners/3", R"({"locked":true})");
  CHECK(assign("one", 3).body == R"({"message":"403 Forbidden - Runner is locked"})");
  CHECK(world.admin_call("POST", "/projects/2/runners", R"({"runner_id":3})").status == 201);
  CHECK(assign("one", 4).status == 201);
  CHECK(world.admin_call("GET", "/runners/4/projects").json().as_array().size() == 3);

  CHECK(world.user_call("glpat-one", "DELETE", "/projects/2/runners/3").body ==
        R"({"message":"403 Forbidden - Runner is locked"})");
  CHECK(world.status("one", "DELETE", "/projects/2/runners/4") == 204);
  CHECK(world.user_call("glpat-one", "DELETE", "/projects/2/runners/4").body ==
        R"({"message":"404 Runner Not Found"})");
}

TEST_CASE("projects and their jobs are seen by members and driven by developers",
          "[coordinator][rights]") {
  populated_world world;
  auto const pipeline = world.add_pipeline("a:\n  script: x\n", world.one);
  auto const job = fmt::format("/projects/top%2Fone/jobs/{}", world.job_named(pipeline, "a"));
  world.add_user("guest");
  world.add_member("guest", "top/one", role::guest);
  CHECK(world.status("three", "GET", job) == 404);
  CHECK(world.status("guest", "GET", job) == 200);
  CHECK(world.status("guest", "POST", job + "/cancel") == 403);
  CHECK(world.status("coder", "POST", job + "/cancel") == 201);
  CHECK(world.user_call("glpat-three", "GET", "/projects").json().as_array().size() == 1);
  CHECK(world.user_call("glpat-coder", "GET", "/projects?search=sub").json().as_array().size() ==
        1);
}
