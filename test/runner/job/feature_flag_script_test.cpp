// What each feature flag changes in the scripts of a job, and that the others change nothing.
#include "runner/job/feature_flag_reference.hpp"
#include "runner/job/feature_flags.hpp"
#include "test/runner/job/scripted_job.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <map>
#include <string>

using namespace corunner;

namespace {

// All scripts of a job that has something to do in each, without the values of flags.
std::string scripts_with(std::string const& flag, std::string const& value) {
  test::scripted_job b;
  b.variable("GIT_STRATEGY", flag == "FF_USE_GIT_NATIVE_CLONE" ? "clone" : "fetch");
  b.script({"echo \"it's\nin two lines\"", "echo two"});
  b.payload.features.trace_sections = true;
  b.payload.cache = {{.key = "a key", .paths = {"x"}, .fallback_keys = {"other"}}};
  b.payload.artifacts = {{.paths = {"out/"}, .artifact_type = "archive", .artifact_format = "zip"}};
  if (!flag.empty()) b.variable(flag, value);
  auto const job = b.context();
  auto all = get_sources_script(job).value() + restore_cache_script(job).value() +
             step_script(job, b.payload.steps[0]) + archive_cache_script(job, true).value() +
             upload_artifacts_script(job, true, b.time.wall_now()) + cleanup_script(job);
  for (auto const* each : {"true", "false"}) {
    auto const exported = flag + "=" + each;
    for (auto at = all.find(exported); at != std::string::npos; at = all.find(exported)) {
      all.erase(at, exported.size());
    }
  }
  return all;
}

// What only a script has for which the flag is on.
std::map<std::string_view, std::string_view> const shown_by{
    {"FF_NETWORK_PER_BUILD", "CI_BUILD_NETWORK_NAME"},
    {"FF_ENABLE_BASH_EXIT_CODE_CHECK", "_runner_exit_code=$?"},
    {"FF_USE_LEGACY_BASH_EVAL", ": | eval "},
    {"FF_USE_POWERSHELL_PATH_RESOLVER", "/work-dir/cache/group"},
    {"FF_SCRIPT_SECTIONS", "section_start"},
    {"FF_ENABLE_JOB_CLEANUP", "git reset --hard"},
    {"FF_POSIXLY_CORRECT_ESCAPES", "eval \"export"},
    {"FF_USE_GIT_BUNDLE_URIS", "bundleURI"},
    {"FF_USE_GIT_NATIVE_CLONE", " clone --no-checkout"},
    {"FF_CLEAN_UP_FAILED_CACHE_EXTRACT", "Removing x"},
    {"FF_GIT_URLS_WITHOUT_TOKENS", "export GIT_CONFIG_GLOBAL="},
    {"FF_USE_GITALY_CORRELATION_ID", "X-Gitaly-Correlation-ID"},
    {"FF_USE_GIT_PROACTIVE_AUTH", "proactiveAuth"},
    {"FF_HASH_CACHE_KEYS", " --file ../../../../../cache/group/project/8fa3aab2"},
};

}  // namespace

TEST_CASE("a flag for scripts changes them as it says", "[job][flags]") {
  for (auto const& [flag, part] : shown_by) {
    CAPTURE(flag, part);
    auto const on = scripts_with(std::string(flag), "true");
    auto const off = scripts_with(std::string(flag), "false");
    CHECK(on.find(part) != std::string::npos);
    CHECK(off.find(part) == std::string::npos);
  }
}

TEST_CASE("a flag without effect changes no script", "[job][flags]") {
  for (auto const& meaning : flag_meanings()) {
    if (meaning.has_effect) continue;
    CAPTURE(meaning.name);
    std::string const name(meaning.name);
    CHECK(scripts_with(name, "true") == scripts_with(name, "false"));
  }
}

TEST_CASE("without FF_ENABLE_JOB_INPUTS_INTERPOLATION inputs stay as they are written",
          "[job][flags]") {
  for (bool const on : {true, false}) {
    test::job_bench b;
    b.script({"echo ${{ job.inputs.colour }}"});
    b.payload.inputs = {{.key = "colour", .type = "string", .content = "green"}};
    b.variable("FF_ENABLE_JOB_INPUTS_INTERPOLATION", on ? "true" : "false");
    b.run();
    auto const has = [&b](std::string_view text) {
      return std::ranges::any_of(b.world.scripts, [text](std::string const& script) {
        return script.find(text) != std::string::npos;
      });
    };
    CAPTURE(on);
    CHECK(has("echo green") == on);
    CHECK(has("job.inputs.colour") != on);
  }
}
