#include "runner/pipeline/payload.hpp"

#include "support.hpp"
#include "test/support/tsv.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <map>
#include <set>

namespace corunner::pipeline {
namespace {

using namespace test;

payload_context context() {
  payload_context out;
  out.job_id = 1234;
  out.job_token = "glcbt-secret";
  out.started_at = "2026-11-20T10:00:05Z";
  out.runner.id = 9;
  out.runner.description = "this machine";
  out.runner.tags = {"linux", "with \"quotes\""};
  return out;
}

constexpr char const* text = R"(
job:
  script: [x]
  parallel: 2
  when: manual
  environment: {name: prod, url: "https://prod"}
)";

// Every variable that some pipeline gets from us.
std::map<std::string, std::string> all_variables() {
  pipeline_source branch = branch_source();
  branch.commit.default_branch_base_sha = "base";
  branch.server.registry = "registry.example.com:5050";
  branch.server.pages_domain = "pages.example.com";
  branch.open_merge_requests = "group/sub/demo!1";

  pipeline_source tag = branch;
  tag.commit.is_tag = true;
  tag.commit.ref = "v1";
  tag.kind = "trigger";
  tag.trigger_payload = "{}";

  pipeline_source schedule = branch;
  schedule.kind = "schedule";
  schedule.schedule_description = "nightly";

  pipeline_source request = branch;
  request.kind = "merge_request_event";
  request.merge_request.emplace();
  request.merge_request->labels = "a,b";
  request.merge_request->milestone = "m";
  request.merge_request->assignees = "me";

  std::map<std::string, std::string> out;
  for (pipeline_source const& source : {branch, tag, schedule, request}) {
    plan const made =
        plan_of(std::string("workflow: {name: named, rules: [{when: always}]}") + text, source);
    variable_list const variables = job_variables(made, made.jobs.at(0), context());
    for (variable const& v : variables.items()) {
      out.emplace(v.key, v.value);
    }
  }
  return out;
}

// What a coordinator cannot know, or nothing of ours can give.
constexpr std::string_view not_made[][2]{
    {"CI_GITLAB_FIPS_MODE", "never in FIPS mode"},
    {"CI_UPSTREAM_PIPELINE_ID", "no child pipelines yet"},
    {"CI_UPSTREAM_JOB_ID", "no child pipelines yet"},
    {"CI_UPSTREAM_PROJECT_ID", "no child pipelines yet"},
    {"CI_TRIGGER_SHORT_TOKEN", "nothing is triggered by token"},
    {"CI_ENVIRONMENT_ID", "environments are not stored"},
    {"CI_DEPLOY_FREEZE", "no deploy freezes"},
    {"CI_DEPLOY_USER", "no deploy tokens"},
    {"CI_DEPLOY_PASSWORD", "no deploy tokens"},
    {"CI_PAGES_HOSTNAME", "pages are not published yet"},
    {"CI_PAGES_URL", "pages are not published yet"},
    {"CI_RELEASE_DESCRIPTION", "releases are only printed"},
    {"CI_DEBUG_TRACE", "set by users"},
    {"CI_DEBUG_SERVICES", "set by users"},
    {"KUBECONFIG", "no clusters"},
    {"CI_KUBERNETES_ACTIVE", "no clusters"},
    {"CHAT_CHANNEL", "no chat"},
    {"CHAT_INPUT", "no chat"},
    {"CHAT_USER_ID", "no chat"},
    {"CI_HAS_OPEN_REQUIREMENTS", "no requirements"},
    {"CI_MERGE_REQUEST_APPROVED", "no approvals"},
};

TEST_CASE("every predefined variable is made, or listed with the reason why not",
          "[pipeline][predefined]") {
  std::map<std::string, std::string> const made = all_variables();
  std::set<std::string_view> absent;
  for (auto const& [name, reason] : not_made) {
    CAPTURE(name, reason);
    CHECK_FALSE(made.contains(std::string(name)));
    absent.insert(name);
  }
  for (auto const& row : corunner::test::read_tsv("parity/predefined-variables.tsv")) {
    std::string const& name = row.at(0);
    bool const by_runner = row.at(2) == "runner";
    // Only given by hand, with --variable.
    bool const by_hand = name.starts_with("CI_EXTERNAL_PULL_REQUEST_");
    if (by_runner || by_hand) continue;
    CAPTURE(name);
    CHECK(made.contains(name) != absent.contains(name));
  }
}

TEST_CASE("nothing is made that the list does not know", "[pipeline][predefined]") {
  std::set<std::string> known;
  for (auto const& row : corunner::test::read_tsv("parity/predefined-variables.tsv")) {
    known.insert(row.at(0));
  }
  for (auto const& [name, value] : all_variables()) {
    CAPTURE(name);
    CHECK(known.contains(name));
  }
}

TEST_CASE("the values of a branch pipeline", "[pipeline][predefined]") {
  plan const made = plan_of(text);
  variable_list const got = job_variables(made, made.jobs.at(0), context());
  struct row {
    char const* name;
    char const* value;
  };
  constexpr row rows[]{
      {"CI", "true"},
      {"GITLAB_CI", "true"},
      {"CI_CORUNNER_LOCAL", "true"},
      {"CI_SERVER_URL", "https://gitlab.example.com"},
      {"CI_SERVER_HOST", "gitlab.example.com"},
      {"CI_SERVER_PORT", "443"},
      {"CI_SERVER_PROTOCOL", "https"},
      {"CI_SERVER_FQDN", "gitlab.example.com"},
      {"CI_SERVER_VERSION_MAJOR", "19"},
      {"CI_SERVER_VERSION_MINOR", "4"},
      {"CI_SERVER_VERSION_PATCH", "0"},
      {"CI_API_V4_URL", "http://127.0.0.1:8093/api/v4"},
      {"CI_PROJECT_NAME", "demo"},
      {"CI_PROJECT_PATH", "group/sub/demo"},
      {"CI_PROJECT_PATH_SLUG", "group-sub-demo"},
      {"CI_PROJECT_NAMESPACE", "group/sub"},
      {"CI_PROJECT_ROOT_NAMESPACE", "group"},
      {"CI_PROJECT_URL", "https://gitlab.example.com/group/sub/demo"},
      {"CI_CONFIG_PATH", ".gitlab-ci.yml"},
      {"CI_CONFIG_REF_URI",
       "gitlab.example.com/group/sub/demo//.gitlab-ci.yml@refs/heads/feature/Big_One"},
      {"CI_COMMIT_SHORT_SHA", "4f3c2b1a"},
      {"CI_COMMIT_BEFORE_SHA", "0000000000000000000000000000000000000000"},
      {"CI_COMMIT_REF_NAME", "feature/Big_One"},
      {"CI_COMMIT_REF_SLUG", "feature-big-one"},
      {"CI_COMMIT_REF_PROTECTED", "false"},
      {"CI_COMMIT_BRANCH", "feature/Big_One"},
      {"CI_COMMIT_TITLE", "Add ignition"},
      {"CI_COMMIT_MESSAGE", "Add ignition\n\nIt burns.\n"},
      {"CI_COMMIT_DESCRIPTION", "It burns.\n"},
      {"CI_PIPELINE_ID", "77"},
      {"CI_PIPELINE_IID", "7"},
      {"CI_PIPELINE_SOURCE", "push"},
      {"CI_PIPELINE_URL", "https://gitlab.example.com/group/sub/demo/-/pipelines/77"},
      {"CI_JOB_ID", "1234"},
      {"CI_JOB_NAME", "job 1/2"},
      {"CI_JOB_NAME_SLUG", "job-1-2"},
      {"CI_JOB_GROUP_NAME", "job"},
      {"CI_JOB_STAGE", "test"},
      {"CI_JOB_MANUAL", "true"},
      {"CI_JOB_TAGS", "[]"},
      {"CI_NODE_INDEX", "1"},
      {"CI_NODE_TOTAL", "2"},
      {"CI_ENVIRONMENT_TIER", "production"},
      {"CI_REPOSITORY_URL",
       "http://gitlab-ci-token:glcbt-secret@127.0.0.1:8093/group/sub/demo.git"},
      {"CI_RUNNER_TAGS", "[\"linux\", \"with \\\"quotes\\\"\"]"},
      {"CI_JOB_STARTED_AT_SLUG", "2026-11-20t10-00-05z"},
      {"CI_DEPENDENCY_PROXY_SERVER", "gitlab.example.com:443"},
      {"GITLAB_USER_LOGIN", "person"},
  };
  for (row const& r : rows) {
    CAPTURE(r.name);
    CHECK(got.value(r.name) == r.value);
  }
  for (char const* const absent : {"CI_COMMIT_TAG", "CI_MERGE_REQUEST_IID", "CI_PIPELINE_NAME",
                                   "CI_REGISTRY", "CI_PIPELINE_TRIGGERED"}) {
    CAPTURE(absent);
    CHECK_FALSE(got.find(absent));
  }
  CHECK(got.find("CI_JOB_TOKEN")->masked);
  CHECK_FALSE(got.find("CI_JOB_TOKEN")->is_public);
  CHECK_FALSE(got.find("CI_REPOSITORY_URL")->is_public);
}

TEST_CASE("ports and long titles change what is shown", "[pipeline][predefined]") {
  pipeline_source source = branch_source();
  source.server.url = "http://localhost:8080";
  source.commit.message = std::string(120, 't') + "\nrest";
  plan const made = plan_of(text, source);
  variable_list const got = pipeline_variables(made);
  CHECK(got.value("CI_SERVER_FQDN") == "localhost:8080");
  CHECK(got.value("CI_SERVER_PORT") == "8080");
  CHECK(got.value("CI_COMMIT_DESCRIPTION") == source.commit.message);
}

TEST_CASE("a tag pipeline has a tag and no branch, a merge request neither",
          "[pipeline][predefined]") {
  pipeline_source tag = branch_source();
  tag.commit.is_tag = true;
  tag.commit.ref = "v1";
  tag.commit.tag_message = "first";
  variable_list const of_tag = pipeline_variables(plan_of(text, tag));
  CHECK(of_tag.value("CI_COMMIT_TAG") == "v1");
  CHECK(of_tag.value("CI_COMMIT_TAG_MESSAGE") == "first");
  CHECK_FALSE(of_tag.find("CI_COMMIT_BRANCH"));

  pipeline_source request = branch_source();
  request.kind = "merge_request_event";
  request.merge_request.emplace();
  request.merge_request->iid = 12;
  request.merge_request->description = std::string(3000, 'd');
  variable_list const of_request = pipeline_variables(
      plan_of(std::string("workflow: {rules: [{when: always}]}") + text, request));
  CHECK(of_request.value("CI_MERGE_REQUEST_REF_PATH") == "refs/merge-requests/12/head");
  CHECK(of_request.value("CI_MERGE_REQUEST_DESCRIPTION")->size() == 2700);
  CHECK(of_request.value("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED") == "true");
  CHECK_FALSE(of_request.find("CI_COMMIT_BRANCH"));
  CHECK_FALSE(of_request.find("CI_COMMIT_TAG"));
}

TEST_CASE("job variables follow GitLab's precedence and are expanded once",
          "[pipeline][predefined]") {
  pipeline_source source = branch_source();
  source.instance_variables = {{"A", "instance"}, {"DOT", "instance"}};
  source.group_variables = {{"B", "group"}};
  source.project_variables = {{"C", "project"}, {"SECRET", "s3cret", false, true}};
  source.pipeline_variables = {{"D", "pipeline"}};
  plan const made = plan_of(R"(
variables: {A: global, B: global, C: global, D: global, E: "$D-$JOB", CI_COMMIT_SHA: mine, ENV: yaml}
job:
  script: [x]
  variables: {JOB: "<$CI_JOB_ID>", GITLAB_USER_LOGIN: mine, KEEP: {value: $D, expand: false}}
)",
                            source);
  payload_context with = context();
  with.upstream.push_back({1, "up", false, "", 0, {{"ENV", "dotenv"}, {"DOT", "dotenv"}}});
  with.manual_variables = {{"D", "manual"}};
  variable_list const got = job_variables(made, made.jobs.at(0), with);
  CHECK(got.value("A") == "instance");
  CHECK(got.value("B") == "group");
  CHECK(got.value("C") == "project");
  CHECK(got.value("D") == "manual");
  CHECK(got.value("E") == "manual-<1234>");
  CHECK(got.value("CI_COMMIT_SHA") == "mine");
  CHECK(got.value("GITLAB_USER_LOGIN") == "person");
  CHECK(got.value("ENV") == "dotenv");
  CHECK(got.value("DOT") == "instance");
  CHECK(*got.find("KEEP") == variable{"KEEP", "$D", true, false, false, true});
  CHECK(got.find("SECRET")->masked);
}

}  // namespace
}  // namespace corunner::pipeline
