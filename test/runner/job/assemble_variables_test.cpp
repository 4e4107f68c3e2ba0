#include "runner/job/assemble_variables.hpp"

#include "test/runner/job/scripted_job.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>

using namespace corunner;

namespace {

struct variables_of_a_job : test::scripted_job {
  std::string value(std::string_view name) {
    context();
    return made->variables.value(name);
  }
};

}  // namespace

TEST_CASE("of several places that define a variable the last one wins", "[job][variables]") {
  // environment, then what the runner says, then the job, then what only the runner may say.
  auto const [name, expected] = GENERATE(table<std::string, std::string>({
      {"OWN", "environment"},
      {"SHARED", "job"},
      {"CI_PROJECT_DIR", "job"},
      {"CI_SERVER", "yes"},
      {"CI_RUNNER_VERSION", "1.2.3"},
      {"CI_RUNNER_SHORT_TOKEN", "environment"},
  }));
  variables_of_a_job b;
  b.runner.environment = {"OWN=environment", "SHARED=environment", "CI_SERVER=environment",
                          "CI_RUNNER_VERSION=environment", "CI_RUNNER_SHORT_TOKEN=environment"};
  b.variable("SHARED", "job");
  b.variable("CI_PROJECT_DIR", "job");
  b.variable("CI_RUNNER_VERSION", "job");
  CAPTURE(name);
  CHECK(b.value(name) == expected);
}

TEST_CASE("a flag is exported as it was resolved, but the environment has it as it is written",
          "[job][variables]") {
  variables_of_a_job b;
  b.runner.environment = {"FF_SCRIPT_SECTIONS=1"};
  b.variable("FF_HASH_CACHE_KEYS", "1");
  CHECK(b.value("FF_HASH_CACHE_KEYS") == "true");
  CHECK(b.value("FF_SCRIPT_SECTIONS") == "1");
  CHECK(b.made->flags["FF_SCRIPT_SECTIONS"]);
}

TEST_CASE("what refers to the job's status keeps what it was at first", "[job][variables]") {
  variables_of_a_job b;
  b.variable("TEXT", "it is $CI_JOB_STATUS");
  b.context();
  b.made->status = "failed";
  b.made->rebuild_variables();
  CHECK(b.made->variables.value("CI_JOB_STATUS") == "failed");
  CHECK(b.made->variables.value("TEXT") == "it is running");
}

TEST_CASE("settings may name the job's directories", "[job][variables][settings]") {
  variables_of_a_job b;
  b.variable("GIT_CLEAN_FLAGS", "-ffdx -e $CI_PROJECT_DIR/keep");
  b.context();
  CHECK(b.made->settings.clean_flags ==
        std::vector<std::string>{"-ffdx", "-e", "/work-dir/builds/bench0tok/0/group/project/keep"});
}

TEST_CASE("an environment is shared or thrown away, as its executor says", "[job][variables]") {
  auto const [executor, shared] = GENERATE(table<std::string, bool>({
      {"shell", true}, {"ssh", true}, {"custom", true}, {"instance", true}, {"docker", false},
      {"kubernetes", false}, {"virtualbox", false}, {"parallels", false}}));
  CAPTURE(executor);
  variables_of_a_job b;
  auto const in = b.input();
  auto const variables = assemble_variables(
      {.input = in, .payload = *in.payload, .traits = traits_of(executor)});
  CHECK(variables.value("CI_SHARED_ENVIRONMENT") == (shared ? "true" : ""));
  CHECK(variables.value("CI_DISPOSABLE_ENVIRONMENT") == (shared ? "" : "true"));
}

TEST_CASE("the TLS files of the server are file variables, certificate and key only together",
          "[job][variables]") {
  variables_of_a_job b;
  auto in = b.input();
  in.tls_ca_chain = "chain";
  in.tls_certificate = "certificate";
  in.tls_key = GENERATE("", "key");
  bool const both = !in.tls_key.empty();
  auto const variables = assemble_variables(
      {.input = in, .payload = *in.payload, .traits = traits_of("shell")});
  auto const* const chain = variables.find("CI_SERVER_TLS_CA_FILE");
  REQUIRE(chain);
  CHECK((chain->file && chain->is_public && chain->value == "chain"));
  auto const* const certificate = variables.find("CI_SERVER_TLS_CERT_FILE");
  auto const* const key = variables.find("CI_SERVER_TLS_KEY_FILE");
  REQUIRE(both == (certificate != nullptr));
  REQUIRE(both == (key != nullptr));
  if (!both) return;
  CHECK((certificate->file && certificate->is_public));
  CHECK((key->file && !key->is_public && key->value == "key"));
}
