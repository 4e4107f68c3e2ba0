#include "runner/job/job_inputs.hpp"

#include "test/runner/job/job_bench.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

std::vector<gitlab::job_input> inputs() {
  return {{.key = "greeting", .type = "string", .content = "hello"},
          {.key = "replicas", .type = "number", .content = 3},
          {.key = "ratio", .type = "number", .content = 2.5},
          {.key = "dry_run", .type = "boolean", .content = true},
          {.key = "targets", .type = "array", .content = boost::json::parse(R"(["linux","mac"])")},
          {.key = "options", .type = "struct",
           .content = boost::json::parse(R"({"region":"eu","tier":{"n":2}})")},
          {.key = "api_key", .type = "string", .content = "s3cr3t", .sensitive = true}};
}

}  // namespace

TEST_CASE("inputs are filled in where their names stand", "[job][inputs]") {
  auto const [text, expected] = GENERATE(table<std::string, std::string>({
      {"echo ${{ job.inputs.greeting }}!", "echo hello!"},
      {"${{job.inputs.replicas}}", "3"},
      {"${{ job.inputs.ratio }}", "2.5"},
      {"${{ job.inputs.dry_run }}", "true"},
      {"${{ job.inputs.targets[1] }}", "mac"},
      {"${{ job.inputs.targets }}", "[\"linux\",\"mac\"]"},
      {"${{ job.inputs.options.region }}", "eu"},
      {"${{ job.inputs.options[\"region\"] }}", "eu"},
      {"${{ job.inputs.options.tier.n }}", "2"},
      {"${{ str(job.inputs.replicas) }}", "3"},
      {"${{ job.inputs.greeting }}${{ job.inputs.greeting }}", "hellohello"},
      {"no template, ${shell} $$ }}", "no template, ${shell} $$ }}"},
      {"\\${{ job.inputs.greeting }} is ${{job.inputs.greeting}}",
       "${{ job.inputs.greeting }} is hello"},
      {"pytest ${{ job.inputs.dry_run && \"-v\" || \"\" }}.", "pytest -v."},
      {"${{ {a: {b: '}}'}} }}", "{\"a\":{\"b\":\"}}\"}}"},
  }));
  CAPTURE(text);
  interpolation_count count;
  auto const filled = interpolate(text, inputs(), count);
  REQUIRE(filled.has_value());
  CHECK(*filled == expected);
  CHECK(count.texts == (text.find("${{") == std::string::npos ? 0 : 1));
  CHECK(count.failure.empty());
}

TEST_CASE("what cannot be filled in is an error of the configuration", "[job][inputs]") {
  std::string const bad = "evaluation";
  auto const [text, kind, message] = GENERATE_COPY(table<std::string, std::string, std::string>({
      {"${{ job.inputs.nothing }}", bad, "unknown input 'nothing'"},
      {"${{ job.inputs.targets[7] }}", bad, "there is no such element in 'job.inputs.targets[7]'"},
      {"${{ job.inputs.targets[1 }}", "parse",
       "expected ']' at character 23 of 'job.inputs.targets[1'"},
      {"${{ job.inputs.greeting", "parse",
       "expected '}}' at character 21 of 'job.inputs.greeting'"},
      {"${{ job.inputs.api_key }}", "sensitive_unsupported",
       "sensitive inputs are unsupported in interpolations yet"},
  }));
  CAPTURE(text);
  interpolation_count count;
  auto const filled = interpolate(text, inputs(), count);
  REQUIRE_FALSE(filled.has_value());
  CHECK(filled.error().message == message);
  CHECK(count.failure == kind);
  CHECK(count.texts == 0);
  CHECK(filled.error().reason == gitlab::failure_reason::runner_configuration_error);
}

TEST_CASE("only certain fields of a payload are filled in", "[job][inputs]") {
  auto payload = test::plain_payload();
  std::string const text = "${{ job.inputs.greeting }}";
  payload.inputs = inputs();
  payload.steps = {{.name = "script", .script = {text}}, {.name = "release", .script = {text}}};
  payload.image.name = text;
  payload.cache = {{.key = text, .paths = {text}}};
  payload.variables.push_back({.key = "V", .value = text});
  interpolation_count count;
  auto const filled = interpolate_inputs(payload, count);
  REQUIRE(filled.has_value());
  CHECK(filled->steps[0].script[0] == "hello");
  CHECK(filled->steps[1].script[0] == text);
  CHECK(filled->image.name == "hello");
  CHECK(filled->cache[0].key == "hello");
  CHECK(filled->cache[0].paths[0] == "hello");
  CHECK(filled->variables.back().value == text);
  CHECK(count.texts == 4);
}

TEST_CASE("a fault says what the reference says", "[job][inputs]") {
  auto payload = test::plain_payload();
  payload.inputs = inputs();
  interpolation_count count;
  payload.steps = {{.name = "script", .script = {"true", "${{ job.inputs.nothing }}"}}};
  CHECK(interpolate_inputs(payload, count).error().message ==
        "failed to interpolate job inputs: unknown input 'nothing'");
  auto const secret = "${{ job.inputs.api_key }}";
  std::string const unsupported = "sensitive inputs are unsupported in interpolations yet";
  std::string const job = "failed to process struct field Job: ";
  payload.steps = {{.name = "script", .script = {"true", secret}}};
  CHECK(interpolate_inputs(payload, count).error().message ==
        job + "failed to expand slice field Steps: failed to process struct element 0: failed to "
              "expand slice field Script: failed to expand element 1: " + unsupported);
  payload.steps.clear();
  payload.image.executor_opts.docker_user = secret;
  CHECK(interpolate_inputs(payload, count).error().message ==
        job + "failed to process struct field Image: failed to process struct field "
              "ExecutorOptions: failed to process struct field Docker: failed to expand string "
              "field User: " + unsupported);
}

TEST_CASE("a payload without inputs stays as it is", "[job][inputs]") {
  auto payload = test::plain_payload();
  payload.steps = {{.name = "script", .script = {"${{ job.inputs.x }}"}}};
  interpolation_count count;
  bool const same = interpolate_inputs(payload, count).value() == payload;
  CHECK(same);
}
