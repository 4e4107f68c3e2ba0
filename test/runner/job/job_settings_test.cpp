#include "runner/job/job_settings.hpp"

#include "runner/job/feature_flags.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using names = std::vector<std::string>;

namespace {

job_variables with(std::string key, std::string value) {
  return job_variables({{.key = std::move(key), .value = std::move(value)}});
}

read_settings read(std::string key, std::string value, settings_defaults defaults = {}) {
  return read_job_settings(with(std::move(key), std::move(value)), defaults);
}

}  // namespace

TEST_CASE("a truth value has twelve spellings", "[job][settings]") {
  for (auto const* const text : {"1", "t", "T", "TRUE", "true", "True"}) {
    CAPTURE(text);
    CHECK(read("CI_DEBUG_TRACE", text).settings.debug_trace);
  }
  for (auto const* const text : {"0", "f", "F", "FALSE", "false", "False"}) {
    CAPTURE(text);
    auto const out = read("AFTER_SCRIPT_IGNORE_ERRORS", text);
    CHECK_FALSE(out.settings.after_script_ignore_errors);
    CHECK(out.warnings.empty());
  }
}

TEST_CASE("values that cannot be read are warned about", "[job][settings]") {
  auto const [name, value, warning] = GENERATE(table<std::string, std::string, std::string>({
      {"CI_DEBUG_TRACE", "ja",
       "CI_DEBUG_TRACE: expected bool got \"ja\", using default value: false"},
      {"GIT_CHECKOUT", "nein",
       "GIT_CHECKOUT: expected bool got \"nein\", using default value: true"},
      {"ARTIFACT_DOWNLOAD_ATTEMPTS", "x",
       "ARTIFACT_DOWNLOAD_ATTEMPTS: expected int got \"x\", using default value: 1"},
      {"CACHE_REQUEST_TIMEOUT", "soon",
       "CACHE_REQUEST_TIMEOUT: expected int got \"soon\", using default value: 10"},
      {"CACHE_REQUEST_TIMEOUT", "99999999999999999999",
       "CACHE_REQUEST_TIMEOUT: expected int got \"99999999999999999999\", using default value: 10"},
      {"GIT_CHECKOUT", "no \"\\\n",
       "GIT_CHECKOUT: expected bool got \"no \\\"\\\\\\n\", using default value: true"},
      {"EXECUTOR_JOB_SECTION_ATTEMPTS", "99999999999",
       "EXECUTOR_JOB_SECTION_ATTEMPTS: number of attempts out of the range [1, 10], clamping to: 10"},
      {"GET_SOURCES_ATTEMPTS", "99",
       "GET_SOURCES_ATTEMPTS: number of attempts out of the range [1, 10], clamping to: 10"},
      {"RESTORE_CACHE_ATTEMPTS", "0",
       "RESTORE_CACHE_ATTEMPTS: number of attempts out of the range [1, 10], clamping to: 1"},
      {"SECRETS_RETRIEVAL_ATTEMPTS", "-3",
       "SECRETS_RETRIEVAL_ATTEMPTS: number of attempts out of the range [1, 10], clamping to: 1"},
      {"GIT_STRATEGY", "copy",
       "GIT_STRATEGY: expected either 'clone', 'fetch', 'none' or 'empty' got \"copy\", using "
       "default value 'fetch'"},
      {"GIT_SUBMODULE_STRATEGY", "deep",
       "GIT_SUBMODULE_STRATEGY: expected either 'normal', 'recursive' or 'none' got \"deep\""},
  }));
  CAPTURE(name);
  CHECK(read(name, value, {.allow_git_fetch = true}).warnings == names{warning});
}

TEST_CASE("warnings stand in the order of the reference", "[job][settings]") {
  std::vector<job_variable> list;
  // The other way round.
  for (auto const* const name :
       {"SECRETS_RETRIEVAL_ATTEMPTS", "RESTORE_CACHE_ATTEMPTS", "ARTIFACT_DOWNLOAD_ATTEMPTS",
        "GET_SOURCES_ATTEMPTS", "EXECUTOR_JOB_SECTION_ATTEMPTS"}) {
    list.push_back({.key = name, .value = "0"});
  }
  for (auto const* const name :
       {"CACHE_REQUEST_TIMEOUT", "AFTER_SCRIPT_IGNORE_ERRORS", "GIT_SUBMODULE_FORCE_HTTPS",
        "GIT_LFS_SKIP_SMUDGE", "GIT_SUBMODULE_DEPTH", "GIT_SUBMODULE_STRATEGY", "GIT_CHECKOUT",
        "GIT_STRATEGY", "CI_DEBUG_SERVICES"}) {
    list.push_back({.key = name, .value = "x"});
  }
  list.push_back({.key = "CI_DEBUG_TRACE", .value = "1"});
  names order;
  for (auto const& warning :
       read_job_settings(job_variables(list), {.debug_trace_disabled = true}).warnings) {
    order.push_back(warning.substr(0, warning.find(':')));
  }
  CHECK(order == names{"CI_DEBUG_SERVICES", "GIT_STRATEGY", "GIT_CHECKOUT",
                       "GIT_SUBMODULE_STRATEGY", "GIT_SUBMODULE_DEPTH", "GIT_LFS_SKIP_SMUDGE",
                       "GIT_SUBMODULE_FORCE_HTTPS", "AFTER_SCRIPT_IGNORE_ERRORS",
                       "CACHE_REQUEST_TIMEOUT", "CI_DEBUG_TRACE", "EXECUTOR_JOB_SECTION_ATTEMPTS",
                       "GET_SOURCES_ATTEMPTS", "ARTIFACT_DOWNLOAD_ATTEMPTS",
                       "RESTORE_CACHE_ATTEMPTS", "SECRETS_RETRIEVAL_ATTEMPTS"});
}

TEST_CASE("an empty value is the default, silently", "[job][settings]") {
  for (auto const* const name : {"CI_DEBUG_TRACE", "GIT_STRATEGY", "GET_SOURCES_ATTEMPTS",
                                 "GIT_SUBMODULE_STRATEGY", "CACHE_REQUEST_TIMEOUT"}) {
    CAPTURE(name);
    CHECK(read(name, "").warnings.empty());
  }
}

TEST_CASE("the git strategy is what the project allows, unless the job says", "[job][settings]") {
  CHECK(read("X", "", {.allow_git_fetch = true}).settings.strategy == git_strategy::fetch);
  CHECK(read("X", "", {.allow_git_fetch = false}).settings.strategy == git_strategy::clone);
  CHECK(read("GIT_STRATEGY", "empty").settings.strategy == git_strategy::empty);
}

TEST_CASE("without git there is no checkout and no submodule", "[job][settings]") {
  auto const strategy = GENERATE(std::string("none"), "empty");
  job_variables variables({{.key = "GIT_STRATEGY", .value = strategy},
                           {.key = "GIT_CHECKOUT", .value = "true"},
                           {.key = "GIT_SUBMODULE_STRATEGY", .value = "recursive"}});
  auto const out = read_job_settings(variables, {});
  CHECK_FALSE(out.settings.checkout);
  CHECK_FALSE(out.settings.submodules_are_used());
}

TEST_CASE("lists of flags are words, and none means no flags", "[job][settings]") {
  CHECK(read("X", "").settings.clean_flags == names{"-ffdx"});
  CHECK(read("GIT_CLEAN_FLAGS", " -ffdx\t-e keep.txt ").settings.clean_flags ==
        names{"-ffdx", "-e", "keep.txt"});
  CHECK(read("GIT_CLEAN_FLAGS", "none").settings.clean_flags.empty());
  CHECK(read("GIT_CLEAN_FLAGS", " ").settings.clean_flags.empty());
  CHECK(read("X", "").settings.fetch_flags == names{"--prune", "--quiet"});
  CHECK(read("GIT_FETCH_EXTRA_FLAGS", "none").settings.fetch_flags.empty());
  // A path may be called so.
  CHECK(read("GIT_SUBMODULE_PATHS", "none").settings.submodule_paths == names{"none"});
}

TEST_CASE("the depth of submodules is the repository's, unless the job says", "[job][settings]") {
  CHECK(read("X", "", {.depth = 20}).settings.submodule_depth == 20);
  CHECK(read("GIT_SUBMODULE_DEPTH", "1", {.depth = 20}).settings.submodule_depth == 1);
}

TEST_CASE("debugging that is disabled is refused with a warning", "[job][settings]") {
  auto const out = read("CI_DEBUG_TRACE", "true", {.debug_trace_disabled = true});
  CHECK_FALSE(out.settings.debug_trace);
  CHECK(out.warnings == names{"CI_DEBUG_TRACE: usage is disabled on this Runner"});
  CHECK(read("X", "", {.debug_trace_disabled = true}).warnings.empty());
}

TEST_CASE("the configuration decides a flag before the job, the job before the default",
          "[job][flags]") {
  CHECK(feature_flags({}, {})["FF_TIMESTAMPS"]);
  CHECK_FALSE(feature_flags({}, with("FF_TIMESTAMPS", "f"))["FF_TIMESTAMPS"]);
  CHECK(feature_flags({{"FF_TIMESTAMPS", true}}, with("FF_TIMESTAMPS", "f"))["FF_TIMESTAMPS"]);
  CHECK_FALSE(feature_flags({}, {})["FF_NO_SUCH_FLAG"]);
}

TEST_CASE("a flag that cannot be read keeps its default and is told once", "[job][flags]") {
  feature_flags const flags({}, with("FF_SCRIPT_SECTIONS", "maybe"));
  CHECK_FALSE(flags["FF_SCRIPT_SECTIONS"]);
  CHECK(flags.errors() ==
        names{"FF_SCRIPT_SECTIONS: could not parse feature flag, expected bool, got maybe"});
}

TEST_CASE("a flag with an empty value is told, unlike other settings", "[job][flags]") {
  feature_flags const flags({}, with("FF_TIMESTAMPS", ""));
  CHECK(flags["FF_TIMESTAMPS"]);
  CHECK(flags.errors() ==
        names{"FF_TIMESTAMPS: could not parse feature flag, expected bool, got "});
}

TEST_CASE("the flags of the header are those that differ, in declared order", "[job][flags]") {
  job_variables const variables({{.key = "FF_USE_FASTZIP", .value = "true"},
                                 {.key = "FF_HASH_CACHE_KEYS", .value = "1"},
                                 {.key = "FF_USE_DIRECT_DOWNLOAD", .value = "0"}});
  CHECK(feature_flags({}, variables).non_default() ==
        "FF_USE_DIRECT_DOWNLOAD:false, FF_HASH_CACHE_KEYS:true");
  CHECK(feature_flags({}, {}).non_default().empty());
}

TEST_CASE("all flags of the reference are known, and those that are gone", "[job][flags]") {
  CHECK(all_feature_flags().size() == 52);
  CHECK(all_feature_flags().front().name == "FF_TEST_FEATURE");
  CHECK(all_feature_flags().back().name == "FF_USE_NATIVE_CONTAINER_STOP");
  CHECK(is_removed_feature_flag("FF_USE_NATIVE_STEPS"));
  CHECK_FALSE(is_removed_feature_flag("FF_TIMESTAMPS"));
}
