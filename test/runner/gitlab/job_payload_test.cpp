#include "runner/gitlab/job_payload.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace corunner;
using namespace corunner::gitlab;

namespace {

std::string data_file(std::string const& name) {
  std::ifstream in(std::string(std::getenv("CORUNNER_TEST_DATA")) + "/" + name);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

job_payload sample() {
  auto decoded = decode_job(data_file("gitlab/sample-job.json"));
  REQUIRE(decoded.error == "");
  return std::move(decoded.job);
}

}  // namespace

TEST_CASE("every part of a full job payload is read", "[gitlab][payload]") {
  auto const job = sample();
  CHECK(job.id == 8123456789);
  CHECK(job.token.reveal() == "glcbt-64_EXAMPLEjobTokenNotReal");
  CHECK(job.allow_git_fetch);
  CHECK(job.job_info.name == "unit-tests 2/4");
  CHECK(job.job_info.pipeline_id == 1500300200);
  CHECK(job.job_info.scoped_user_id == 2002);
  CHECK(job.job_info.time_in_queue_seconds == 12.5);
  CHECK(job.job_info.project_jobs_running_on_instance_runners_count == "5+");
  CHECK(job.job_info.queue_depth == 3);
  CHECK(job.git_info.refspecs.size() == 2);
  CHECK(job.git_info.depth == 20);
  CHECK(job.git_info.protected_ == false);
  CHECK(job.runner_info.timeout == 3600);

  REQUIRE(job.inputs.size() == 6);
  CHECK(job.inputs[1].content == 3);
  CHECK(job.inputs[4].content.at("tier") == 2);
  CHECK(job.inputs[5].sensitive);

  REQUIRE(job.variables.size() == 16);
  CHECK(job.variables[9].file);
  CHECK(job.variables[10].raw);
  CHECK(job.variables[10].masked);
  CHECK(job.variables[0].is_public);

  REQUIRE(job.steps.size() == 3);
  CHECK(job.steps[2].allow_failure);
  CHECK(job.image.entrypoint == std::vector<std::string>{"/bin/sh", "-c"});
  CHECK(job.image.ports[0].number == 8080);
  CHECK(job.image.executor_opts.docker_user == "1000:1000");
  CHECK(job.image.executor_opts.kubernetes_user == "1000");
  CHECK(job.services[0].variables[0].value == "$PASSWORD");
  CHECK(job.artifacts[1].artifact_format == "gzip");
  CHECK(job.artifacts[1].expire_in.empty());
  CHECK(job.cache[0].fallback_keys[0] == "deps-main-non_protected");
  CHECK(job.credentials[0].url == "registry.gitlab.example.com:5050");
  CHECK(job.dependencies[0].artifacts_file->size == 13631488);
  CHECK_FALSE(job.dependencies[1].artifacts_file);

  CHECK(job.features.token_mask_prefixes == std::vector<std::string>{"acme-"});
  CHECK(job.features.failure_reasons.size() == 9);
  REQUIRE(job.features.tracing);
  CHECK(job.features.tracing->otel_endpoints[0].auth->http_bearer_gcp_oidc_audience ==
        "https://otel.example.com");
  CHECK_FALSE(job.features.tracing->otel_endpoints[1].auth);

  REQUIRE(job.secrets);
  auto const& secrets = *job.secrets;
  REQUIRE(secrets.size() == 5);
  CHECK(secrets.at("DB_PASSWORD").vault->server.auth.data.at("role") == "ci");
  CHECK(secrets.at("DB_PASSWORD").vault->server.namespace_ == "ops");
  CHECK(secrets.at("DB_PASSWORD").file == false);
  CHECK_FALSE(secrets.at("GCP_KEY").file);
  CHECK(secrets.at("GCP_KEY").gcp_secret_manager->server.project_number == "123456789012");
  CHECK(secrets.at("AZURE_KEY").azure_key_vault->server.url ==
        "https://vault-name.example.com");
  CHECK(secrets.at("AWS_KEY").aws_secrets_manager->version_stage == "AWSCURRENT");
  CHECK(secrets.at("NATIVE_SECRET").gitlab_secrets_manager->server.inline_auth.role ==
        "project_42");

  CHECK(job.hooks[1].name == "post_get_sources_script");
  CHECK(job.run == "[]");
  CHECK(job.policy_options.policy_variables_override_allowed == false);
  CHECK(job.suspend_options.suspend_on_failure);
  CHECK(job.suspend_options.runtime_environment_key ==
        "9001/s_0123456789ab/namespace=ci-env&pvc=env-77");
}

TEST_CASE("a payload that was written reads as it was", "[gitlab][payload]") {
  auto const job = sample();
  auto const again = decode_job(boost::json::serialize(encode_job(job)));
  CHECK(again.error == "");
  CHECK(again.job == job);
  auto const empty = decode_job(boost::json::serialize(encode_job(job_payload{})));
  CHECK(empty.error == "");
  CHECK(empty.job == job_payload{});
}

TEST_CASE("null is the same as absent, at every member", "[gitlab][payload]") {
  auto tree = boost::json::parse(data_file("gitlab/sample-job.json"));
  auto const& members = tree.get_object();
  for (auto const& [name, value] : members) {
    CAPTURE(std::string_view(name));
    auto with_null = members;
    with_null[name] = nullptr;
    auto without = members;
    without.erase(name);
    auto const first = decode_job_tree(with_null);
    CHECK(first.error == "");
    CHECK(first.job == decode_job_tree(without).job);
  }
}

TEST_CASE("a member of the wrong type is named by its path, and the job can still be reported",
          "[gitlab][payload]") {
  struct row {
    std::string text;
    std::string error;
  };
  auto const with = [](std::string const& member) {
    return R"({"token": "t", )" + member + R"(, "id": 7})";
  };
  auto const& [text, error] = GENERATE_COPY(values<row>({
      {with(R"("variables": [{}, {}, {}, {"value": 5}])"),
       "variables[3].value: expected string, found number"},
      {with(R"("allow_git_fetch": "yes")"), "allow_git_fetch: expected boolean, found string"},
      {with(R"("git_info": {"depth": 1.5})"),
       "git_info.depth: expected integer, found number 1.5E0"},
      {with(R"("steps": {})"), "steps: expected array, found object"},
      {with(R"("steps": [{"script": ["a", true]}])"),
       "steps[0].script[1]: expected string, found boolean"},
      {with(R"("job_info": [])"), "job_info: expected object, found array"},
      {with(R"("image": {"executor_opts": {"docker": {"user": []}}})"),
       "image.executor_opts.docker.user: expected string or integer, found array"},
      {with(R"("secrets": {"A": {"vault": {"path": 1}}})"),
       "secrets.A.vault.path: expected string, found number"},
      {with(R"("inputs": [{"key": "k", "value": {"type": "number", "content": "text"}}])"),
       "inputs[0].value.content: expected number, found string"},
      {with(R"("inputs": [{"key": "k", "value": {"type": "string"}}])"),
       "inputs[0].value.content: expected string, found null"},
      {with(R"("inputs": [{"value": {"type": "string", "content": ""}}])"),
       "inputs[0]: an input without a key"},
      {with(R"("inputs": [{"key": "k", "value": {"type": "blob", "content": ""}}])"),
       "inputs[0].value.type: unknown type 'blob'"},
  }));
  CAPTURE(text);
  auto const decoded = decode_job(text);
  CHECK(decoded.error == error);
  CHECK_FALSE(decoded.ok());
  CHECK(decoded.reportable());
  CHECK(decoded.job.id == 7);
  CHECK(decoded.job.token.reveal() == "t");
}

TEST_CASE("what is no job at all cannot be reported", "[gitlab][payload]") {
  for (std::string const text : {"", "{", "[]", "7", R"({"id": "7", "token": "t"})", R"({"id": 7})",
                                 R"({"id": 7, "token": 5})"}) {
    CAPTURE(text);
    auto const decoded = decode_job(text);
    CHECK_FALSE(decoded.reportable());
  }
  CHECK(decode_job("{").error.starts_with("not JSON: "));
  CHECK(decode_job("[]").error == "expected object, found array");
  CHECK(decode_job(R"({"id": 7})").ok());
}

TEST_CASE("members nobody knows are ignored", "[gitlab][payload]") {
  CHECK(decode_job(R"({"id": 1, "token": "t", "not_known": {"a": [1]}, "job_info": {"id": 9}})")
            .ok());
}
