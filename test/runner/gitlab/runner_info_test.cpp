#include "runner/gitlab/runner_info.hpp"

#include <boost/json/value.hpp>
#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace corunner::gitlab;

namespace {

std::set<std::string_view> true_ones(runner_features const& features) {
  std::set<std::string_view> out;
  for (auto const& [name, on] : features) {
    if (on) out.insert(name);
  }
  return out;
}

}  // namespace

TEST_CASE("all 31 features are told, true ones only where they work", "[gitlab][info]") {
  auto const shell = features_of("shell", "bash");
  CHECK(shell.size() == 31);
  CHECK(true_ones(shell) == std::set<std::string_view>{"variables",
                                                       "artifacts",
                                                       "cache",
                                                       "fallback_cache_keys",
                                                       "shared",
                                                       "upload_multiple_artifacts",
                                                       "upload_raw_artifacts",
                                                       "refspecs",
                                                       "masking",
                                                       "raw_variables",
                                                       "artifacts_exclude",
                                                       "multi_build_steps",
                                                       "trace_reset",
                                                       "trace_checksum",
                                                       "trace_size",
                                                       "cancelable",
                                                       "return_exit_code",
                                                       "cancel_gracefully",
                                                       "two_phase_job_commit",
                                                       "job_inputs"});
  for (auto const* name : {"sh", "pwsh", "powershell", "cmd"}) {
    CHECK(features_of("shell", name) == shell);
  }
}

TEST_CASE("what another shell or executor would do is not claimed", "[gitlab][info]") {
  for (auto const* name : {"fish", "zsh"}) {
    CAPTURE(name);
    CHECK_FALSE(true_ones(features_of("shell", name)).contains("refspecs"));
    CHECK(true_ones(features_of("shell", name)).contains("shared"));
  }
  for (auto const* name : {"docker", "kubernetes", "ssh", "custom", "instance", "rocket"}) {
    CAPTURE(name);
    CHECK(features_of(name, "bash") == network_features());
  }
}

TEST_CASE("an entry that names no shell has the default one, in every call", "[gitlab][info]") {
  auto const info = encode_info(local_runner_info("shell", ""));
  CHECK(info.at("shell") == "bash");
  CHECK(info.at("features").at("refspecs") == true);
}

TEST_CASE("before an executor is known only the client's own features are true", "[gitlab][info]") {
  CHECK(network_features().size() == 31);
  CHECK(true_ones(network_features()) ==
        std::set<std::string_view>{"trace_reset", "trace_checksum", "trace_size", "cancelable",
                                   "cancel_gracefully", "two_phase_job_commit", "job_inputs"});
}

TEST_CASE("the info object leaves out empty texts and labels, never features and config",
          "[gitlab][info]") {
  auto const bare = encode_info({});
  CHECK(bare.size() == 2);
  CHECK(bare.at("features").as_object().size() == 31);
  CHECK(bare.at("config").at("gpus") == "");

  auto info = local_runner_info("shell", "bash");
  info.labels = {{"team", "alpha"}};
  auto const full = encode_info(info);
  CHECK(full.at("executor") == "shell");
  CHECK(full.at("shell") == "bash");
  CHECK(full.at("labels").at("team") == "alpha");
  CHECK(full.at("platform") == "linux");
  CHECK_FALSE(full.contains("revision"));
}
