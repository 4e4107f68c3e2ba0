#include "runner/gitlab/payload_check.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner::gitlab;

namespace {

job_payload decoded(std::string_view text) {
  auto out = decode_job(text);
  REQUIRE(out.error == "");
  return std::move(out.job);
}

}  // namespace

TEST_CASE("a job with unknown executor options is refused with the names of the known ones",
          "[gitlab][payload]") {
  auto const job = decoded(R"({"id": 1, "token": "t",
    "image": {"name": "alpine", "executor_opts": {"docker": {"platform": "linux/amd64", "bogus": 1},
                                                  "other": {}}},
    "services": [{"executor_opts": {"kubernetes": {"b": 1, "a": 2, "user": 5}}}]})");
  CHECK(refusal(job) ==
        "Unsupported \"image\" options [other] for \"executor_opts\"; supported options are "
        "[docker kubernetes]\n"
        "Unsupported \"image\" options [bogus] for \"docker executor\"; supported options are "
        "[platform user]\n"
        "Unsupported \"image\" options [a b] for \"kubernetes executor\"; supported options are "
        "[user]");
}

TEST_CASE("run excludes script and the variable STEPS", "[gitlab][payload]") {
  CHECK(refusal(decoded(R"({"run": "[{\"name\":\"hi\"}]", "steps": [{"script": ["x"]}]})")) ==
        "the `run` and `script` keywords cannot be used together");
  CHECK(refusal(decoded(
            R"({"run": "[{\"name\":\"hi\"}]", "variables": [{"key": "STEPS", "value": "x"}]})")) ==
        "the `run` keyword requires the exclusive use of the variable STEPS");
  CHECK(refusal(decoded(R"({"run": "[]", "steps": [{"script": ["x"]}]})")).empty());
  CHECK(refusal(decoded(R"({"run": "[{}]"})")).empty());
  CHECK(refusal(decoded(R"({"run": null, "steps": [{"script": ["x"]}]})")).empty());
}
