#include "runner/pipeline/payload.hpp"

#include "json_text.hpp"
#include "support.hpp"
#include "test/support/golden.hpp"
#include "test/support/tsv.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace corunner::pipeline {
namespace {

using namespace test;
using list = std::vector<std::string>;

// `input` below test/data/pipeline with its includes, evaluated for the usual branch.
plan plan_of_file(std::string const& input) {
  memory_files files({
      {"ci/jobs.yml", corunner::test::read_data("pipeline/ci/jobs.yml")},
      {"package-lock.json", "{}\n"},
      {"src/main.cpp", "int main() {}\n"},
  });
  return plan_of(corunner::test::read_data("pipeline/" + input), files);
}

payload_context context() {
  payload_context out;
  out.job_id = 1234;
  out.job_token = "glcbt-secret";
  out.started_at = "2026-11-20T10:00:05Z";
  out.runner.id = 9;
  out.runner.description = "this machine";
  return out;
}

// Every field as ".job_info.id" or ".steps[].name" with its kind; a list has the fields of all its
// items.
using fields = std::map<std::string, std::string>;

void add_fields(std::string const& at, boost::json::value const& value, fields& to) {
  if (auto const* const object = value.if_object()) {
    for (auto const& [name, member] : *object) add_fields(at + "." + std::string(name), member, to);
  } else if (auto const* const list = value.if_array()) {
    for (auto const& item : *list) add_fields(at + "[]", item, to);
  } else {
    auto const* const kind = value.is_number()   ? "number"
                             : value.is_string() ? "string"
                             : value.is_bool()   ? "bool"
                                                 : "null";
    auto& known = to[at];
    if (known.empty() || known == "null") known = kind;  // another item may have had null there
  }
}

fields fields_of(boost::json::value const& job) {
  fields all;
  add_fields("", job, all);
  return all;
}

TEST_CASE("plans of realistic files", "[pipeline][golden]") {
  std::string const name = GENERATE("build-test-deploy", "matrix", "monorepo");
  plan const made = plan_of_file(name + ".yml");
  // The source is the same for all of them.
  boost::json::value json = to_json(made);
  json.as_object().erase("source");
  ::corunner::test::check_golden(fmt::format("pipeline/{}.json", name), json_text(json));
}

TEST_CASE("a plan goes to JSON and back without loss", "[pipeline][json]") {
  for (char const* const name : {"build-test-deploy", "matrix", "monorepo"}) {
    plan made = plan_of_file(fmt::format("{}.yml", name));
    made.source.merge_request.emplace().title = "x";
    made.source.pipeline_variables = {{"A", "b", false, true, true, true}};
    std::string const text = boost::json::serialize(to_json(made));
    CHECK(plan_from_json(boost::json::parse(text)) == made);
    job_definition const& job = made.jobs.front();
    CHECK(job_definition_from_json(to_json(job)) == job);
    CHECK(pipeline_source_from_json(to_json(made.source)) == made.source);
  }
  CHECK_THROWS(plan_from_json(boost::json::parse("[]")));
}

TEST_CASE("the payload of a job with everything", "[pipeline][golden]") {
  plan const made = plan_of_file("build-test-deploy.yml");
  payload_context with = context();
  with.upstream.push_back({1001, "compile", true, "artifacts.zip", 4096, {{"VERSION", "1.2"}}});
  with.upstream.push_back({1002, "lint", false, "", 0, {}});
  gitlab::job_payload const payload = make_payload(made, *find_job(made, "unit tests"), with);
  boost::json::object json = gitlab::encode_job(payload);
  // Long, the same for all jobs, and tested elsewhere.
  json.at("features").as_object().erase("failure_reasons");
  ::corunner::test::check_golden("pipeline/unit-tests-payload.json", json_text(json));
}

TEST_CASE("a runner can read the payload", "[pipeline][payload]") {
  plan const made = plan_of_file("build-test-deploy.yml");
  for (job_definition const& job : made.jobs) {
    gitlab::job_payload const payload = make_payload(made, job, context());
    gitlab::decoded_job const read =
        gitlab::decode_job(boost::json::serialize(gitlab::encode_job(payload)));
    CAPTURE(job.name, read.error);
    CHECK(read.ok());
    CHECK(read.job == payload);
  }
}

TEST_CASE("the payload has the fields that GitLab's has, of the same types",
          "[pipeline][payload]") {
  pipeline_source source = branch_source();
  source.server.registry = "registry.example.com:5050";
  source.pipeline_variables = {{"CERTIFICATE", "b", false, true, true, true}};
  plan const made = plan_of(R"(
before: {stage: build, script: [x]}
everything:
  stage: test
  script: [x]
  after_script: [y]
  release: {tag_name: a, description: b}
  hooks: {pre_get_sources_script: [z]}
  image: {name: alpine, entrypoint: [/bin/sh], pull_policy: [always],
          docker: {platform: linux/amd64, user: '1'}, kubernetes: {user: 1}}
  services: [{name: postgres, alias: db, command: [a], entrypoint: [b], pull_policy: always,
              variables: {A: b}, docker: {platform: linux/amd64}}]
  cache: {key: a, paths: [b], fallback_keys: [c]}
  artifacts: {name: a, paths: [b], exclude: [c], expire_in: 1 week, reports: {junit: d}}
)", source);
  payload_context with = context();
  with.runner.uuid = with.instance_id = with.instance_uuid = "0d8f2f0e-1111-4d7e-8f6a-2b3c4d5e6f70";
  with.upstream.push_back({1001, "before", true, "artifacts.zip", 4096, {}});
  auto const ours =
      fields_of(gitlab::encode_job(make_payload(made, *find_job(made, "everything"), with)));
  auto const theirs =
      fields_of(boost::json::parse(corunner::test::read_data("gitlab/sample-job.json")));

  // What only GitLab has to tell: of tiers that are paid for, of keywords that plans do not have.
  constexpr std::string_view only_theirs[] = {
      ".features.token_mask_prefixes", ".features.tracing", ".inputs[]", ".image.ports",
      ".job_info.scoped_user_id", ".policy_options", ".run", ".secrets", ".services[].ports",
      ".suspend_options"};
  auto const is_only_theirs = [&](std::string const& name) {
    return std::ranges::any_of(only_theirs,
                               [&](auto const prefix) { return name.starts_with(prefix); });
  };
  for (auto const& [name, kind] : theirs) {
    if (is_only_theirs(name)) continue;
    if (kind == "null") continue;  // the same as absent
    CAPTURE(name);
    REQUIRE(ours.contains(name));
    // A user may be a number or a name.
    CHECK((ours.at(name) == kind || name == ".image.executor_opts.kubernetes.user"));
  }
  for (auto const& [name, kind] : ours) {
    CAPTURE(name);
    // Variables of services are written as all variables are.
    CHECK((theirs.contains(name) || name.starts_with(".services[].variables[].")));
  }
}

TEST_CASE("a release is a step between the scripts, which prints what GitLab would make",
          "[pipeline][payload]") {
  plan const made = plan_of(R"(
job:
  script: [x]
  after_script: [y]
  variables: {VERSION: '1.2', QUOTED: it's}
  release:
    tag_name: v$VERSION
    name: The $QUOTED `id` $(id) $NOBODY
    description: |
      two
      lines
    milestones: [m1, m2]
    assets: {links: [{name: docs, url: 'https://a.example.com', filepath: /docs, link_type: other}]}
)");
  auto const steps = make_payload(made, made.jobs.at(0), context()).steps;
  REQUIRE(steps.size() == 3);
  CHECK(steps[1].name == "release");
  CHECK(steps[1].when == "on_success");
  CHECK_FALSE(steps[1].allow_failure);
  CHECK(steps[2].name == "after_script");
  CHECK(steps[1].script ==
        list{
            "echo 'A release is made by GitLab alone. There, it would be this one:'",
            "echo '  tag_name: v1.2'",
            "echo '  name: The it\"s `id` $(id) $NOBODY'",
            "echo '  description: two lines '",
            "echo '  milestone: m1'",
            "echo '  milestone: m2'",
            "echo '  asset: docs: https://a.example.com as /docs (other)'",
        });
}

TEST_CASE("the jobs of a project that run are counted to a limit, for instance runners",
          "[pipeline][payload]") {
  plan const made = plan_of("job: {script: [x]}");
  auto const told = [&](int running, bool instance_runner) {
    payload_context with = context();
    with.running_of_project = running;
    with.runner.instance_runner = instance_runner;
    return make_payload(made, made.jobs.at(0), with)
        .job_info.project_jobs_running_on_instance_runners_count;
  };
  CHECK(told(0, true) == "0");
  CHECK(told(4, true) == "4");
  CHECK(told(5, true) == "5+");
  CHECK(told(50, true) == "5+");
  CHECK(told(5, false) == "+Inf");
}

TEST_CASE("git depth and refspecs", "[pipeline][payload]") {
  auto const info = [](std::string const& depth, pipeline_source const& source) {
    plan const made = plan_of("job: {script: [x], variables: {" + depth + "}}", source);
    return make_payload(made, made.jobs.at(0), context()).git_info;
  };
  gitlab::git_info const usual = info("", branch_source());
  CHECK(usual.depth == 20);
  CHECK(usual.refspecs == list{"+refs/pipelines/77:refs/pipelines/77",
                               "+refs/heads/feature/Big_One:refs/remotes/origin/feature/Big_One"});
  CHECK(usual.ref_type == "branch");
  CHECK(usual.repo_object_format == "sha1");
  CHECK(info("GIT_DEPTH: 3", branch_source()).depth == 3);
  CHECK(info("GIT_DEPTH: deep", branch_source()).depth == 20);
  gitlab::git_info const whole = info("GIT_DEPTH: 0", branch_source());
  CHECK(whole.refspecs == list{"+refs/pipelines/77:refs/pipelines/77",
                               "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"});
  pipeline_source tag = branch_source();
  tag.commit.is_tag = true;
  tag.commit.ref = "v1";
  CHECK(info("", tag).ref_type == "tag");
  CHECK(info("", tag).refspecs.at(1) == "+refs/tags/v1:refs/tags/v1");
}

TEST_CASE("the timeout is the job's, else the project's, at most the runner's",
          "[pipeline][payload]") {
  plan const made = plan_of("own: {script: [x], timeout: 2h}\nnone: {script: [x]}");
  auto const timeout = [&](char const* job, std::optional<std::chrono::seconds> maximum) {
    payload_context with = context();
    with.runner.maximum_timeout = maximum;
    gitlab::job_payload const payload = make_payload(made, *find_job(made, job), with);
    CHECK(payload.steps.at(0).timeout == payload.runner_info.timeout);
    return payload.runner_info.timeout;
  };
  CHECK(timeout("own", {}) == 7200);
  CHECK(timeout("none", {}) == 3600);
  CHECK(timeout("own", std::chrono::seconds(600)) == 600);
  CHECK(timeout("none", std::chrono::seconds(9000)) == 3600);
}

TEST_CASE("steps, hooks and dependencies", "[pipeline][payload]") {
  plan const made = plan_of(R"(
plain: {script: [x], artifacts: {reports: {junit: a.xml, sast: [b]}}}
full: {before_script: [a], script: [b], after_script: [c], hooks: {pre_get_sources_script: [d]}}
)");
  gitlab::job_payload const plain = make_payload(made, made.jobs.at(0), context());
  CHECK(plain.steps.size() == 1);
  CHECK(plain.hooks.empty());
  REQUIRE(plain.artifacts.size() == 2);
  CHECK(plain.artifacts[0].name == "junit.xml");
  CHECK(plain.artifacts[0].artifact_format == "gzip");
  CHECK(plain.artifacts[0].when == "always");
  CHECK(plain.artifacts[1].name == "gl-sast-report.json");
  CHECK(plain.artifacts[1].artifact_format == "raw");
  CHECK(plain.features.failure_reasons.size() > 40);

  gitlab::job_payload const full = make_payload(made, made.jobs.at(1), context());
  REQUIRE(full.steps.size() == 2);
  CHECK(full.steps[0].script == list{"a", "b"});
  CHECK(full.steps[0].when == "on_success");
  CHECK(full.steps[1].name == "after_script");
  CHECK(full.steps[1].when == "always");
  CHECK(full.steps[1].allow_failure);
  CHECK(full.hooks.at(0).script == list{"d"});
}

}  // namespace
}  // namespace corunner::pipeline
