// What the runner itself says in the log of a job, and of a job in its own.

#include "test/runner/job/job_bench.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using corunner::test::fake_world;
using corunner::test::job_bench;
using names = std::vector<std::string>;

TEST_CASE("the log of an empty job is what the reference writes", "[job][log]") {
  job_bench b;
  b.script({});
  b.world.set("prepare_script", {.prints = "Running on here...\nThe profile talks.\n"});
  b.run();
  CHECK(b.log() ==
        "\\e[0KRunning with corunner 1.2.3 (abcdef12)\\e[0;m\n"
        "\\e[0K  on bench bench0tok, system ID: s_0123456789ab\\e[0;m\n"
        "section_start:1767323045:prepare_executor\\r\\e[0K"
        "\\e[0K\\e[36;1mPreparing the \"shell\" executor\\e[0;m\\e[0;m\n"
        "\\e[0KUsing Fake executor...\\e[0;m\n"
        "section_end:1767323045:prepare_executor\\r\\e[0K"
        "section_start:1767323045:prepare_script\\r\\e[0K"
        "\\e[0K\\e[36;1mPreparing environment\\e[0;m\\e[0;m\n"
        "Running on here...\nThe profile talks.\n"
        "section_end:1767323045:prepare_script\\r\\e[0K"
        "section_start:1767323045:get_sources\\r\\e[0K"
        "\\e[0K\\e[36;1mGetting source from Git repository\\e[0;m\\e[0;m\n"
        "section_end:1767323045:get_sources\\r\\e[0K"
        "section_start:1767323045:step_script\\r\\e[0K"
        "\\e[0K\\e[36;1mExecuting \"step_script\" stage of the job script\\e[0;m\\e[0;m\n"
        "section_end:1767323045:step_script\\r\\e[0K"
        "section_start:1767323045:cleanup_file_variables\\r\\e[0K"
        "\\e[0K\\e[36;1mCleaning up project directory and file based variables\\e[0;m\\e[0;m\n"
        "section_end:1767323045:cleanup_file_variables\\r\\e[0K"
        "\\e[32;1mJob succeeded\\e[0;m\n");
}

TEST_CASE("the header lists the flags that differ from their default", "[job][log]") {
  job_bench b;
  b.variable("FF_SCRIPT_SECTIONS", "1");
  b.runner.feature_flags.or_emplace()["FF_USE_DIRECT_DOWNLOAD"] = false;
  b.run();
  CHECK(b.logged_line("\\e[0K  feature flags: FF_USE_DIRECT_DOWNLOAD:false, "
                      "FF_SCRIPT_SECTIONS:true\\e[0;m\n"));
}

TEST_CASE("settings that cannot be read are one block of warnings before the first section",
          "[job][log]") {
  job_bench b;
  b.variable("GIT_CHECKOUT", "nein");
  b.variable("FF_SCRIPT_SECTIONS", "maybe");
  b.run();
  CHECK(b.logged_line(
      "\\e[0;33mWARNING: GIT_CHECKOUT: expected bool got \"nein\", using default value: true\n"
      "FF_SCRIPT_SECTIONS: could not parse feature flag, expected bool, got maybe\\e[0;m\n"
      "section_start:1767323045:prepare_executor"));
}

TEST_CASE("a job of a policy says so before its first step", "[job][log]") {
  job_bench b;
  b.script({"x"});
  b.payload.policy_options.execution_policy_job = true;
  b.payload.policy_options.policy_name = "Scans";
  SECTION("nothing said about variables") {
    b.run();
    CHECK(b.logged_line("\\e[32;1mVariables defined in the policy take precedence over matching "
                        "user-defined CI/CD variables for this job.\\e[0;m\n"));
  }
  SECTION("variables ignored with exceptions") {
    b.payload.policy_options.policy_variables_override_allowed = false;
    b.payload.policy_options.policy_variables_override_exceptions = names{"A", "B"};
    b.run();
    CHECK(b.logged_line("\\e[32;1mUser-defined CI/CD variables are ignored in this job (except for "
                        "A, B) according to the policy.\\e[0;m\n"));
  }
  SECTION("variables allowed with an empty list of exceptions") {
    b.payload.policy_options.policy_variables_override_allowed = true;
    b.payload.policy_options.policy_variables_override_exceptions.emplace();
    b.run();
    CHECK(b.logged_line("are allowed in this job (except for ) according to the policy.\\e[0;m\n"));
  }
  CHECK(b.logged_line("\\e[32;1mJob triggered by policy \"Scans\".\\e[0;m\n"));
}

TEST_CASE("secrets of unknown providers are told and left out", "[job][log]") {
  job_bench b;
  b.payload.secrets.emplace()["DB"] = {};
  CHECK(b.run().ok());
  CHECK(b.logged_line("\\e[0K\\e[36;1mResolving secrets\\e[0;m\\e[0;m\n"
                      "\\e[0KResolving secret \"DB\"...\\e[0;m\n"
                      "\\e[0;33mWARNING: Not resolved: no resolver that can handle the "
                      "secret\\e[0;m\n"));
}

TEST_CASE("a payload with secrets of which there are none has the stage all the same",
          "[job][log]") {
  job_bench b;
  b.script({"true"});
  b.payload.secrets.emplace();
  b.run();
  CHECK(b.logged_line("\\e[0K\\e[36;1mResolving secrets\\e[0;m\\e[0;m\n"));
  job_bench none;
  none.script({"true"});
  none.run();
  CHECK_FALSE(none.logged_line("Resolving secrets"));
}

TEST_CASE("the process log is told of each stage, and of those that have nothing to do",
          "[job][log]") {
  job_bench b;
  b.script({"true"});
  b.run();
  CHECK(b.stages_logged == names{"Executing build stage: prepare_script",
                                 "Executing build stage: get_sources",
                                 "Executing build stage: restore_cache",
                                 "Skipping stage (nothing to do): restore_cache",
                                 "Executing build stage: download_artifacts",
                                 "Skipping stage (nothing to do): download_artifacts",
                                 "Executing build stage: step_script",
                                 "Executing build stage: after_script",
                                 "Skipping stage (nothing to do): after_script",
                                 "Executing build stage: archive_cache",
                                 "Skipping stage (nothing to do): archive_cache",
                                 "Executing build stage: upload_artifacts_on_success",
                                 "Skipping stage (nothing to do): upload_artifacts_on_success",
                                 "Executing build stage: cleanup_file_variables"});
}

TEST_CASE("the process log is told of the images of a job that wants it", "[job][log]") {
  bool const wanted = GENERATE(true, false);
  job_bench b;
  b.script({"true"});
  b.variable("FF_LOG_IMAGES_CONFIGURED_FOR_JOB", wanted ? "true" : "false");
  b.variable("VERSION", "3.12");
  b.payload.image.name = "python:$VERSION";
  b.payload.services.resize(1);
  b.payload.services[0].name = "postgres";
  b.run();
  CHECK(b.logged == (wanted ? names{"Image configured for job: python:3.12",
                                    "Service image configured for job: postgres"}
                            : names{}));
}

TEST_CASE("masked values are hidden in the runner's own lines", "[job][log]") {
  job_bench b;
  b.payload.variables.push_back({.key = "SECRET", .value = "bench0", .masked = true});
  b.run();
  CHECK(b.logged_line("  on bench [MASKED]tok,"));
}

TEST_CASE("FF_CONCRETE is told not to be supported, and ignored", "[job][log]") {
  job_bench b;
  b.script({"x"});
  b.variable("FF_CONCRETE", "true");
  CHECK(b.run().ok());
  CHECK(b.logged_line("WARNING: FF_CONCRETE: not supported, using the usual stages\\e[0;m\n"));
}
