#include "runner/command/job_selection.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

pipeline::job_definition job(std::string name, std::string stage) {
  pipeline::job_definition one;
  one.group_name = name;
  one.name = std::move(name);
  one.stage = std::move(stage);
  one.script = {"true"};
  return one;
}

// build: compile (artifacts), docs; test: unit, lint (needs nothing); deploy: ship (needs unit),
// manual.
pipeline::plan sample() {
  pipeline::plan plan;
  plan.stages = {".pre", "build", "test", "deploy", ".post"};
  auto compile = job("compile", "build");
  compile.artifacts = pipeline::artifacts_definition{.paths = {"out"}};
  auto lint = job("lint", "test");
  lint.needs.emplace();
  auto ship = job("ship", "deploy");
  ship.needs = {{.job = "unit", .artifacts = true}};
  ship.when = pipeline::job_when::manual;
  plan.jobs = {compile, job("docs", "build"), job("unit", "test"), lint, ship};
  return plan;
}

std::vector<std::string> names(pipeline::plan const& plan) {
  std::vector<std::string> all;
  for (auto const& one : plan.jobs) all.push_back(one.name);
  return all;
}

}  // namespace

TEST_CASE("a named job brings the jobs of earlier stages whose artifacts it downloads",
          "[command]") {
  auto plan = sample();
  REQUIRE_FALSE(select_jobs(plan, {"unit"}));
  REQUIRE(names(plan) == std::vector<std::string>{"compile", "unit"});
}

TEST_CASE("a job with needs brings those and what they need, and no others", "[command]") {
  auto plan = sample();
  REQUIRE_FALSE(select_jobs(plan, {"ship"}));
  REQUIRE(names(plan) == std::vector<std::string>{"compile", "unit", "ship"});
  auto alone = sample();
  REQUIRE_FALSE(select_jobs(alone, {"lint"}));
  REQUIRE(names(alone) == std::vector<std::string>{"lint"});
}

TEST_CASE("a manual job that is named runs", "[command]") {
  auto plan = sample();
  REQUIRE_FALSE(select_jobs(plan, {"ship"}));
  REQUIRE(plan.jobs.back().when == pipeline::job_when::on_success);
}

TEST_CASE("the name of a parallel job's group means all of its instances", "[command]") {
  auto plan = sample();
  for (int i = 1; i <= 2; ++i) {
    auto one = job("split " + std::to_string(i) + "/2", "build");
    one.group_name = "split";
    plan.jobs.push_back(one);
  }
  REQUIRE_FALSE(select_jobs(plan, {"split"}));
  REQUIRE(names(plan) == std::vector<std::string>{"split 1/2", "split 2/2"});
}

TEST_CASE("an unknown job is refused with the nearest name", "[command]") {
  auto plan = sample();
  REQUIRE(select_jobs(plan, {"comple"}) ==
          "no job 'comple' in this pipeline, did you mean 'compile'?");
  REQUIRE(select_jobs(plan, {"something else"}) == "no job 'something else' in this pipeline");
}
