#include "support.hpp"

#include "runner/pipeline/payload.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

namespace corunner::pipeline {
namespace {

using namespace test;
using list = std::vector<std::string>;

TEST_CASE("needs name jobs in all local forms", "[pipeline][needs]") {
  plan const made = plan_of(R"(
a: {stage: build, script: [x]}
b: {stage: build, script: [x]}
plain: {script: [x], needs: [a, {job: b, artifacts: false}, {job: gone, optional: true}]}
at-once: {script: [x], needs: []}
same-stage: {stage: build, script: [x], needs: [a]}
waits: {script: [x]}
)");
  CHECK(find_job(made, "plain")->needs == std::vector<job_need>{{"a", true}, {"b", false}});
  CHECK(find_job(made, "at-once")->needs == std::vector<job_need>{});
  CHECK(find_job(made, "same-stage")->needs == std::vector<job_need>{{"a", true}});
  CHECK_FALSE(find_job(made, "waits")->needs);
}

TEST_CASE("a needed job that rules keep out is an error unless optional", "[pipeline][needs]") {
  char const* const text = R"(
never: {{stage: build, script: [x], rules: [{{if: $NO}}]}}
job: {{script: [x], needs: [{{job: never, optional: {}}}]}}
)";
  CHECK(plan_of(fmt::format(fmt::runtime(text), "true")).jobs[0].needs == std::vector<job_need>{});
  CHECK(
      errors_of(fmt::format(fmt::runtime(text), "false")) ==
      ".gitlab-ci.yml:3:28: 'job' job needs 'never' job, but 'never' does not exist in the "
      "pipeline. This might be because of the only, except, or rules keywords. To need a job that "
      "sometimes does not exist in the pipeline, use needs:optional.\n");
}

TEST_CASE("what jobs say about each other is checked", "[pipeline][needs]") {
  std::string many;
  for (int i = 0; i < 51; ++i) many += fmt::format("n{}: {{stage: build, script: [x]}}\n", i);
  std::string fifty_one;
  for (int i = 0; i < 51; ++i) fifty_one += fmt::format("{}n{}", i ? ", " : "", i);
  struct row {
    std::string text;
    char const* error;
  };
  std::vector<row> const rows{
      {"job: {stage: nowhere, script: [x]}",
       ":1:14: job job: chosen stage nowhere does not exist; available stages are .pre, build, test, "
       "deploy, .post\n"},
      {"job: {script: [x], needs: [none]}", ":1:28: job job: undefined need: none\n"},
      {"job: {stage: build, script: [x], needs: [late]}\nlate: {script: [x]}",
       ":1:42: job job: need late is not defined in current or prior stages\n"},
      {"job: {script: [x], needs: [a, a]}\na: {stage: build, script: [x]}",
       ":1:28: job has the following needs duplicated: a.\n"},
      {"a: {script: [x], needs: [b]}\nb: {script: [x], needs: [a]}",
       ":1:1: The pipeline has circular dependencies\n"},
      {"a: {script: [x], needs: [a]}", ":1:1: The pipeline has circular dependencies\n"},
      {many + "job: {script: [x], needs: [" + fifty_one + "]}",
       ":52:28: job: one job can only need 50 others, but you have listed 51. See needs keyword "
       "documentation for more details\n"},
      {"job: {script: [x], dependencies: [none]}", ":1:34: job job: undefined dependency: none\n"},
      {"job: {stage: build, script: [x], dependencies: [late]}\nlate: {script: [x]}",
       ":1:48: job job: dependency late is not defined in current or prior stages\n"},
      {"job: {script: [x], needs: [a], dependencies: [b]}\na: {stage: build, script: [x]}\nb: {stage: "
       "build, script: [x]}",
       ":1:46: jobs:job dependencies the b should be part of needs\n"},
      {"job: {script: [x], needs: {job: a}}\na: {stage: build, script: [x]}",
       ":1:27: jobs:job:needs config can only be a hash or an array\n"},
      {"job: {script: [x], needs: [{project: g/p, job: a, ref: main}]}",
       ":1:29: keyword 'needs:project' is not supported yet\n"},
      {"job: {script: [x], needs: [{pipeline: $PARENT, job: a}]}",
       ":1:29: keyword 'needs:pipeline' is not supported yet\n"},
      {"job: {script: [x], needs: [{artifacts: true}]}",
       ":1:28: jobs:job:needs:need job can't be blank\n"},
  };
  for (row const& r : rows) {
    CAPTURE(r.error);
    std::string const got = errors_of(r.text);
    CHECK(got.starts_with(std::string(".gitlab-ci.yml") + r.error));
  }
}

TEST_CASE("parallel jobs get numbers, a matrix gets its values as names", "[pipeline][parallel]") {
  plan const made = plan_of(R"(
build: {stage: build, script: [x], parallel: 3}
test:
  script: [x]
  variables: {OS: none, KEEP: 1}
  tags: [run-$OS]
  parallel:
    matrix:
      - OS: [linux, mac]
        CC: [gcc, clang]
      - {OS: bsd, CC: 1.50}
  needs: [build]
deploy: {stage: deploy, script: [x], dependencies: [build], needs: ["test: [mac, gcc]", build]}
)");
  CHECK(names(made) == list{"build 1/3", "build 2/3", "build 3/3", "test: [linux, gcc]",
                            "test: [linux, clang]", "test: [mac, gcc]", "test: [mac, clang]",
                            "test: [bsd, 1.5]", "deploy"});
  job_definition const& build = made.jobs[1];
  CHECK(build.group_name == "build");
  CHECK(build.node_index == 2);
  CHECK(build.node_total == 3);
  job_definition const& test = made.jobs[5];
  CHECK(test.group_name == "test");
  CHECK(test.tags == list{"run-mac"});
  CHECK(value_of(test.variables, "OS") == "mac");
  CHECK(value_of(test.variables, "CC") == "gcc");
  CHECK(value_of(test.variables, "KEEP") == "1");
  CHECK(test.node_index == 3);
  CHECK(test.node_total == 5);
  CHECK(test.needs->size() == 3);
  CHECK(made.jobs[8].dependencies == list{"build 1/3", "build 2/3", "build 3/3"});
  CHECK(made.jobs[8].needs->front().job == "test: [mac, gcc]");
}

TEST_CASE("parallel has limits", "[pipeline][parallel]") {
  struct row {
    char const* value;
    char const* error;
  };
  constexpr row rows[]{
      {"0", "jobs:job:parallel config must be greater than or equal to 1\n"},
      {"201", "jobs:job:parallel config must be less than or equal to 200\n"},
      {"many", "jobs:job:parallel config should be an integer or a hash\n"},
      {"{matrix: []}", "jobs:job:parallel:matrix config should be an array of hashes\n"},
      {"{matrix: [{A: []}]}", "jobs:job:parallel:matrix config requires at least 1 item\n"},
      {"{matrix: [{A: [1,2,3,4,5,6,7], B: [1,2,3,4,5,6,7], C: [1,2,3,4,5,6,7]}]}",
       "jobs:job:parallel:matrix config generates too many jobs (maximum is 200)\n"},
  };
  for (row const& r : rows) {
    CAPTURE(r.value);
    CHECK(errors_of(fmt::format("job: {{script: [x], parallel: {}}}", r.value)).ends_with(r.error));
  }
}

TEST_CASE("artifacts come from needs, or from all earlier stages", "[pipeline][needs]") {
  plan const made = plan_of(R"(
a: {stage: build, script: [x]}
b: {stage: build, script: [x]}
c: {script: [x]}
all: {stage: deploy, script: [x]}
some: {stage: deploy, script: [x], dependencies: [b]}
none: {stage: deploy, script: [x], dependencies: []}
dag: {stage: deploy, script: [x], needs: [a, {job: c, artifacts: false}]}
dag-some: {stage: deploy, script: [x], needs: [a, b], dependencies: [b]}
)");
  auto const upstream = [&](char const* name) {
    return upstream_names(made, *find_job(made, name));
  };
  CHECK(upstream("a").empty());
  CHECK(upstream("all") == list{"a", "b", "c"});
  CHECK(upstream("some") == list{"b"});
  CHECK(upstream("none").empty());
  CHECK(upstream("dag") == list{"a"});
  CHECK(upstream("dag-some") == list{"b"});
}

}  // namespace
}  // namespace corunner::pipeline
