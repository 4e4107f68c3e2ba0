#include "support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::pipeline {
namespace {

using namespace test;
using list = std::vector<std::string>;

TEST_CASE("jobs come in the order of stages, then as written", "[pipeline]") {
  plan const made = plan_of(R"(
stages: [compile, check]
late: {stage: check, script: [c]}
early: {stage: compile, script: [a]}
also-early: {stage: compile, script: b}
.hidden: {anything: goes}
)");
  CHECK(names(made) == list{"early", "also-early", "late"});
  CHECK(made.stages == list{".pre", "compile", "check", ".post"});
}

TEST_CASE("without stages there are build, test and deploy, and a job is in test", "[pipeline]") {
  plan const made = plan_of("job: {script: [true-ish]}");
  CHECK(made.stages == list{".pre", "build", "test", "deploy", ".post"});
  CHECK(made.jobs.at(0).stage == "test");
}

TEST_CASE("before_script and script are one list, after_script another", "[pipeline]") {
  plan const made = plan_of(R"(
job:
  before_script: [one, [two, [three]]]
  script: |
    four
    five
  after_script: six
)");
  job_definition const& job = made.jobs.at(0);
  CHECK(job.script == list{"one", "two", "three", "four\nfive\n"});
  CHECK(job.after_script == list{"six"});
}

TEST_CASE("a default is taken by jobs that do not define the keyword, without merging",
          "[pipeline]") {
  plan const made = plan_of(R"(
default:
  image: alpine
  before_script: [setup]
  retry: 1
  tags: [one, two]
takes: {script: [x]}
has-own: {script: [x], image: {name: debian}, before_script: [], tags: [three], retry: {max: 2}}
takes-image: {script: [x], inherit: {default: [image]}}
takes-nothing: {script: [x], inherit: {default: false}}
null-is-absent: {script: [x], image: null}
)");
  CHECK(find_job(made, "takes")->image->name == "alpine");
  CHECK(find_job(made, "takes")->script == list{"setup", "x"});
  CHECK(find_job(made, "takes")->retry.max == 1);
  CHECK(find_job(made, "takes")->tags == list{"one", "two"});
  CHECK(find_job(made, "has-own")->image->name == "debian");
  CHECK(find_job(made, "has-own")->script == list{"x"});
  CHECK(find_job(made, "has-own")->tags == list{"three"});
  CHECK(find_job(made, "has-own")->retry.max == 2);
  CHECK(find_job(made, "takes-image")->image->name == "alpine");
  CHECK(find_job(made, "takes-image")->script == list{"x"});
  CHECK_FALSE(find_job(made, "takes-nothing")->image);
  CHECK(find_job(made, "null-is-absent")->image->name == "alpine");
}

TEST_CASE("global keywords are defaults, but not both ways", "[pipeline]") {
  CHECK(plan_of("image: alpine\njob: {script: [x]}").jobs.at(0).image->name == "alpine");
  CHECK(errors_of("image: alpine\ndefault: {image: debian}\njob: {script: [x]}") ==
        ".gitlab-ci.yml:1:1: default config image is defined in top-level and `default:` entry\n");
}

TEST_CASE("a pipeline of .pre and .post jobs alone is no pipeline", "[pipeline]") {
  evaluation const result = evaluate_text(R"(
first: {stage: .pre, script: [x]}
last: {stage: .post, script: [x]}
)");
  CHECK(result.outcome == verdict::empty);
  CHECK(result.note.starts_with("The resulting pipeline would have been empty."));
}

TEST_CASE("workflow rules can say no, and their variables reach jobs and rules", "[pipeline]") {
  char const* const text = R"yaml(
workflow:
  name: "Build of $CI_COMMIT_REF_NAME ($KIND)"
  rules:
    - if: $CI_COMMIT_TAG
      when: never
    - if: $CI_COMMIT_BRANCH
      variables: {KIND: branch}
variables: {KIND: none}
job:
  script: [x]
  rules: [{if: $KIND == "branch"}]
)yaml";
  plan const made = plan_of(text);
  CHECK(made.name == "Build of feature/Big_One (branch)");
  CHECK(value_of(made.jobs.at(0).variables, "KIND") == "branch");

  pipeline_source tag = branch_source();
  tag.commit.is_tag = true;
  evaluation const refused = evaluate_text(text, tag);
  CHECK(refused.outcome == verdict::filtered);
  CHECK(refused.note == "Pipeline filtered out by workflow rules.");
  CHECK(refused.errors.empty());
}

TEST_CASE("no matching workflow rule means no pipeline", "[pipeline]") {
  CHECK(evaluate_text("workflow: {rules: [{if: $NO}]}\njob: {script: [x]}").outcome ==
        verdict::filtered);
}

TEST_CASE("YAML 1.1 booleans and numbers become text in variables", "[pipeline]") {
  plan const made = plan_of(R"(
variables: {A: yes, B: 1.20, C: 0777, D: 1_000, E: "yes", F: {value: off, description: what}}
job: {script: [x], variables: {G: 12:30:45, H: {value: $A, expand: false}}}
)");
  std::vector<variable> const& got = made.jobs.at(0).variables;
  CHECK(value_of(got, "A") == "true");
  CHECK(value_of(got, "B") == "1.2");
  CHECK(value_of(got, "C") == "511");
  CHECK(value_of(got, "D") == "1000");
  CHECK(value_of(got, "E") == "yes");
  CHECK(value_of(got, "F") == "false");
  CHECK(value_of(got, "G") == "45045");
  CHECK(got.back() == variable{"H", "$A", true, false, false, true});
}

TEST_CASE("a job inherits the global variables that it asks for", "[pipeline]") {
  plan const made = plan_of(R"(
variables: {A: 1, B: 2}
all: {script: [x], variables: {B: 3}}
some: {script: [x], inherit: {variables: [A]}}
none: {script: [x], inherit: {variables: false}}
)");
  CHECK(find_job(made, "all")->variables == std::vector<variable>{{"A", "1"}, {"B", "3"}});
  CHECK(find_job(made, "some")->variables == std::vector<variable>{{"A", "1"}});
  CHECK(find_job(made, "none")->variables.empty());
}

TEST_CASE("all errors of a file are reported together, in order", "[pipeline]") {
  CHECK(errors_of(R"(stages: [build]
build:
  stage: build
  scirpt: [make]
deploy:
  script: [x]
  trigger: other/project
  when: sometimes
)") ==
        ".gitlab-ci.yml:2:1: jobs:build config should implement the script:, run:, or trigger: "
        "keyword\n"
        ".gitlab-ci.yml:4:3: jobs:build config contains unknown keys: scirpt, did you mean "
        "'script'?\n"
        ".gitlab-ci.yml:7:3: keyword 'trigger' is not supported yet\n"
        ".gitlab-ci.yml:8:9: jobs:deploy when should be one of: on_success, on_failure, always, "
        "manual, delayed\n");
}

TEST_CASE("a mistake in a default is reported once, where it stands", "[pipeline]") {
  CHECK(errors_of("default:\n  retry: 3\na: {script: [x]}\nb: {script: [x]}\n") ==
        ".gitlab-ci.yml:2:10: default:retry max must be less than or equal to 2\n");
}

}  // namespace
}  // namespace corunner::pipeline
