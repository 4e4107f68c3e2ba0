#include "support.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

namespace corunner::pipeline {
namespace {

using namespace test;
using list = std::vector<std::string>;

pipeline_source tag_source() {
  pipeline_source out = branch_source();
  out.commit.is_tag = true;
  out.commit.ref = "v1.2";
  return out;
}

pipeline_source merge_request() {
  pipeline_source out = branch_source();
  out.kind = "merge_request_event";
  out.merge_request.emplace();
  out.merge_request->source_branch = out.commit.ref;
  out.merge_request->target_branch = "main";
  return out;
}

pipeline_source kind_source(std::string kind) {
  pipeline_source out = branch_source();
  out.kind = std::move(kind);
  return out;
}

// A job with these extra lines beside one that always runs.
std::string with_job(std::string_view keys) {
  return fmt::format(
      "always: {{script: [x], rules: [{{when: always}}]}}\njob:\n  script: [x]\n{}\n", keys);
}

TEST_CASE("the first rule that holds decides when a job runs and whether it may fail",
          "[pipeline][rules]") {
  struct row {
    char const* keys;
    char const* result;  // `-` when the job is out, `?` marks allow_failure
  };
  constexpr row rows[]{
      {"", "on_success"},
      {"  when: manual", "manual?"},
      {"  when: manual\n  allow_failure: false", "manual"},
      {"  rules: []", "on_success"},
      {"  rules: [{if: $NO}]", "-"},
      {"  rules: [{if: $CI}]", "on_success"},
      {"  rules: [{if: $CI, when: never}, {when: always}]", "-"},
      {"  rules: [{if: $NO, when: never}, {when: always}]", "always"},
      {"  rules: [{if: $NO}, {if: $CI, when: on_failure}, {when: always}]", "on_failure"},
      // A manual rule blocks, a manual job does not.
      {"  rules: [{if: $CI, when: manual}]", "manual"},
      {"  rules: [{if: $CI, when: manual, allow_failure: true}]", "manual?"},
      {"  when: manual\n  rules: [{if: $CI}]", "manual?"},
      {"  when: manual\n  rules: [{if: $CI, when: on_success}]", "on_success"},
      {"  allow_failure: true\n  rules: [{if: $CI, when: manual}]", "manual?"},
      {"  allow_failure: true\n  rules: [{if: $CI, allow_failure: false}]", "on_success"},
      {"  rules: [{allow_failure: true}]", "on_success?"},
      {"  rules: [[{if: $NO}], [[{when: always}]]]", "always"},
  };
  for (row const& r : rows) {
    CAPTURE(r.keys);
    plan const made = plan_of(with_job(r.keys));
    job_definition const* const job = find_job(made, "job");
    std::string got = "-";
    if (job) got = std::string(to_string(job->when)) + (job->allow_failure ? "?" : "");
    CHECK(got == r.result);
  }
}

TEST_CASE("rules bring variables, needs and more into the job only", "[pipeline][rules]") {
  plan const made = plan_of(R"(
first: {stage: build, script: [x]}
second: {stage: build, script: [x]}
job:
  script: [x]
  variables: {A: 1, B: 1}
  needs: [first]
  allow_failure: {exit_codes: [3]}
  rules:
    - if: $CI
      variables: {B: 2, C: 3}
      needs: [{job: second, artifacts: false}]
      interruptible: true
other: {script: [x], rules: [{if: $C == null}]}
keeps: {script: [x], allow_failure: {exit_codes: 4}, rules: [{if: $CI}]}
drops: {script: [x], allow_failure: {exit_codes: 4}, rules: [{if: $CI, allow_failure: true}]}
)");
  job_definition const& job = *find_job(made, "job");
  CHECK(job.variables == std::vector<variable>{{"A", "1"}, {"B", "2"}, {"C", "3"}});
  CHECK(job.needs == std::vector<job_need>{{"second", false}});
  CHECK(job.interruptible);
  CHECK(job.allow_failure_exit_codes == std::vector<int>{3});
  CHECK(find_job(made, "other"));
  CHECK(find_job(made, "keeps")->allow_failure_exit_codes == std::vector<int>{4});
  CHECK(find_job(made, "drops")->allow_failure_exit_codes.empty());
  CHECK(find_job(made, "drops")->allow_failure);
}

TEST_CASE("rules see variables as defined, of every level in its precedence", "[pipeline][rules]") {
  pipeline_source source = branch_source();
  source.instance_variables = {{"I", "instance"}, {"G", "instance"}};
  source.group_variables = {{"G", "group"}, {"P", "group"}};
  source.project_variables = {{"P", "project"}, {"X", "project"}};
  source.pipeline_variables = {{"X", "pipeline"}, {"YAML", "outside"}};
  auto const holds = [&](std::string const& condition) {
    std::string const text = fmt::format(
        "variables: {{YAML: global, NESTED: $I, JOB: global, CI_PROJECT_NAME: mine, GITLAB_USER_LOGIN: "
        "mine}}\n{}",
        with_job(fmt::format("  variables: {{JOB: job}}\n  rules:\n    - if: '{}'", condition)));
    return find_job(plan_of(text, source), "job") != nullptr;
  };
  for (char const* const condition :
       {"$I == \"instance\"", "$G == \"group\"", "$P == \"project\"", "$X == \"pipeline\"",
        "$YAML == \"outside\"", "$NESTED == \"$I\"", "$JOB == \"job\"",
        "$CI_PROJECT_NAME == \"mine\"", "$GITLAB_USER_LOGIN == \"person\"",
        "$CI_JOB_NAME == \"job\"", "$CI_JOB_STAGE == \"test\"", "$CI_PIPELINE_ID == null",
        "$CI_JOB_ID == null", "$CI_CORUNNER_LOCAL == \"true\""}) {
    CAPTURE(condition);
    CHECK(holds(condition));
  }
}

TEST_CASE("changes compare globs with the paths that changed", "[pipeline][rules]") {
  memory_files files;
  auto const taken = [&](std::string const& rule) {
    return find_job(plan_of(with_job("  rules: [{" + rule + "}]"), files), "job") != nullptr;
  };
  CHECK(taken("changes: [x]"));  // nothing is known about changes
  files.changed = list{};
  CHECK_FALSE(taken("changes: ['**/*']"));
  files.changed = list{"src/a.cpp", ".ci/x.yml"};
  CHECK(taken("changes: ['src/*.cpp']"));
  CHECK(taken("changes: ['**/*.yml']"));
  CHECK(taken("changes: {paths: ['{src,lib}/**/*']}"));
  CHECK_FALSE(taken("changes: ['*.cpp']"));
  CHECK_FALSE(taken("if: $NO, changes: ['src/*']"));
  CHECK(taken("changes: {paths: ['src/*'], compare_to: $CI_DEFAULT_BRANCH}"));
  CHECK(files.compared_to.back() == "main");
  CHECK(errors_of(with_job("  rules: [{changes: {paths: [a], compare_to: nowhere}}]"), files) ==
        ".gitlab-ci.yml:4:21: rules:changes:compare_to is not a valid ref\n");
}

TEST_CASE("exists looks at the files of the commit", "[pipeline][rules]") {
  memory_files files({{"Dockerfile", ""}, {"sub/go.mod", ""}});
  auto const taken = [&](std::string const& paths) {
    return find_job(plan_of(with_job("  rules: [{exists: [" + paths + "]}]"), files), "job") !=
           nullptr;
  };
  CHECK(taken("Dockerfile"));
  CHECK(taken("'**/go.mod'"));
  CHECK(taken("sub/"));
  CHECK(taken("$CI_PROJECT_NAME, 'Docker*'"));
  CHECK_FALSE(taken("go.mod"));
  CHECK_FALSE(taken("dockerfile"));
  CHECK_FALSE(taken("other/"));
}

TEST_CASE("without rules a job is for branches and tags", "[pipeline][rules]") {
  std::string const plain = with_job("");
  CHECK(find_job(plan_of(plain), "job"));
  CHECK(find_job(plan_of(plain, tag_source()), "job"));
  CHECK_FALSE(find_job(plan_of(plain, merge_request()), "job"));
  std::string const with_workflow = "workflow: {rules: [{when: always}]}\n" + plain;
  CHECK(find_job(plan_of(with_workflow, merge_request()), "job"));
  std::string const with_except =
      "workflow: {rules: [{when: always}]}\n" + with_job("  except: [tags]");
  CHECK(find_job(plan_of(with_except, merge_request()), "job"));
  CHECK_FALSE(find_job(plan_of(with_except, tag_source()), "job"));
}

TEST_CASE("only and except select by ref, source, variables and changes", "[pipeline][rules]") {
  struct row {
    char const* keys;
    bool branch;
    bool tag;
    bool request;
  };
  constexpr row rows[]{
      {"  only: [branches]", true, false, false},
      {"  only: [tags]", false, true, false},
      {"  only: [merge_requests]", false, false, true},
      {"  only: [branches, merge_requests]", true, false, true},
      {"  only: [pushes]", true, true, false},
      {"  only: ['/^feature/']", true, false, true},
      {"  only: ['/^FEATURE/i']", true, false, true},
      {"  only: [feature/Big_One]", true, false, true},
      {"  only: [v1.2@group/sub/demo]", false, true, false},
      {"  only: [v1.2@other/project]", false, false, false},
      {"  only: ['/^v\\d/@group/sub/demo']", false, true, false},
      {"  except: [tags]", true, false, false},
      {"  except: ['/^feature/']", false, true, false},
      {"  only: {variables: [$NO, $CI]}", true, true, false},
      {"  only: {variables: [$NO]}", false, false, false},
      {"  only: {refs: [tags], variables: [$CI]}", false, true, false},
      {"  only: {kubernetes: active}", false, false, false},
      {"  except: {variables: [$CI]}", false, false, false},
      {"  only: {changes: ['src/*']}", true, true, false},
      {"  only: {changes: ['lib/*']}", false, false, false},
      {"  except: {changes: ['src/*']}", false, false, false},
  };
  memory_files files;
  files.changed = list{"src/a"};
  for (row const& r : rows) {
    CAPTURE(r.keys);
    std::string const text = with_job(r.keys);
    CHECK((find_job(plan_of(text, files), "job") != nullptr) == r.branch);
    CHECK((find_job(plan_of(text, files, tag_source()), "job") != nullptr) == r.tag);
    CHECK((find_job(plan_of(text, files, merge_request()), "job") != nullptr) == r.request);
  }
  CHECK(find_job(plan_of(with_job("  only: [schedules]"), kind_source("schedule")), "job"));
  CHECK(find_job(plan_of(with_job("  only: [web]"), kind_source("web")), "job"));
}

TEST_CASE("what is wrong with rules is said where it stands", "[pipeline][rules]") {
  struct row {
    char const* keys;
    char const* error;
  };
  constexpr row rows[]{
      {"  rules: [{if: '$A ='}]",
       "4:16: jobs:job:rules:rule if invalid expression syntax: unexpected '='"},
      {"  rules: [{if: true}]", "4:16: jobs:job:rules:rule if should be a string"},
      {"  rules: [{when: sometimes}]",
       "4:18: jobs:job:rules:rule when should be one of: on_success, on_failure, always, never, "
       "manual, delayed"},
      {"  rules: [text]", "4:11: jobs:job:rules:rule config should be a hash"},
      {"  rules: {if: $A}", "4:10: jobs:job:rules config should be an array"},
      {"  rules: [{iff: $A}]",
       "4:12: jobs:job:rules:rule config contains unknown keys: iff, did you mean 'if'?"},
      {"  rules: [{when: delayed}]", "4:11: jobs:job:rules:rule start in should be a duration"},
      {"  rules: [{start_in: 1 day}]", "4:22: jobs:job:rules:rule start in must be blank"},
      {"  rules: [{when: always}]\n  only: [main]",
       "5:9: jobs:job config key may not be used with `rules`: only"},
      {"  rules: [{changes: {regexp: x}}]",
       "4:22: keyword 'rules:changes:regexp' is not supported yet"},
      {"  rules: [{exists: {paths: [a], project: x}}]",
       "4:33: keyword 'rules:exists:project' is not supported yet"},
      {"  when: delayed", "4:9: jobs:job start in should be a duration"},
      {"  when: delayed\n  start_in: 8 days",
       "5:13: jobs:job start in should not exceed the limit"},
      {"  start_in: 1 hour", "4:13: jobs:job start in must be blank"},
  };
  for (row const& r : rows) {
    CAPTURE(r.keys);
    CHECK(errors_of(with_job(r.keys)) == fmt::format(".gitlab-ci.yml:{}\n", r.error));
  }
}

TEST_CASE("a delayed job knows how long", "[pipeline][rules]") {
  plan const made = plan_of(R"(
job: {script: [x], when: delayed, start_in: 3 mins 4 sec}
ruled: {script: [x], rules: [{if: $CI, when: delayed, start_in: 1 hour}]}
)");
  CHECK(made.jobs[0].start_in == std::chrono::seconds(184));
  CHECK(made.jobs[1].start_in == std::chrono::hours(1));
}

TEST_CASE("a bare last rule without workflow rules is worth a warning", "[pipeline][rules]") {
  CHECK(evaluate_text("job: {script: [x], rules: [{when: always}]}").warnings.size() == 1);
  CHECK(evaluate_text("job: {script: [x], rules: [{if: $CI}]}").warnings.empty());
  CHECK(evaluate_text("workflow: {rules: [{if: $CI}]}\njob: {script: [x], rules: [{when: always}]}")
            .warnings.empty());
}

}  // namespace
}  // namespace corunner::pipeline
