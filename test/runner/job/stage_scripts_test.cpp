#include "runner/job/script/stage_scripts.hpp"

#include "runner/job/script/git_context.hpp"
#include "test/runner/job/scripted_job.hpp"
#include "test/support/golden.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

using scripted = test::scripted_job;

// Compares without the machine that runs the test.
void check_golden(std::string const& name, std::string script) {
  auto const platform = platform_text();
  for (auto at = script.find(platform); at != std::string::npos; at = script.find(platform)) {
    script.replace(at, platform.size(), "PLATFORM");
  }
  test::check_golden(name, script);
}

bool contains(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

// One file for each shell: what matters is that every stage can be written.
TEST_CASE("the stages are written for PowerShell and cmd, too", "[job][scripts]") {
  auto const shell = GENERATE(as<std::string>(), "pwsh", "cmd");
  scripted b;
  b.runner.shell = shell;
  b.payload.variables.push_back({.key = "FILE", .value = "content\n", .file = true});
  b.payload.variables.push_back({.key = "TEXT", .value = "it's 100% \"$HOME\" & `more` ^ !"});
  b.variable("GIT_SUBMODULE_STRATEGY", "recursive");
  b.script({"echo one", "echo two\necho three"});
  b.after_script({"echo after"});
  b.payload.cache = {{.key = "a b", .paths = {"x", "y z"}, .fallback_keys = {"other"}}};
  gitlab::job_dependency dependency{.id = 900, .token = secret("dep"), .name = "test 1/2"};
  dependency.artifacts_file.emplace().filename = "artifacts.zip";
  b.payload.dependencies = {dependency};
  b.payload.artifacts = {{.name = "$CI_JOB_ID",
                          .paths = {"out/"},
                          .artifact_type = "archive",
                          .artifact_format = "zip"}};
  auto const job = b.context();
  std::string all = prepare_script(job) + get_sources_script(job).value() +
                    clear_worktree_script(job) + restore_cache_script(job).value() +
                    download_artifacts_script(job) + step_script(job, b.payload.steps[0]) +
                    after_script(job) + archive_cache_script(job, true).value() +
                    upload_artifacts_script(job, true, b.time.wall_now()) + cleanup_script(job);
  check_golden("scripts/stages." + shell, all);
}

TEST_CASE("the script of each stage is as reviewed", "[job][scripts]") {
  scripted b;
  b.payload.variables.push_back({.key = "FILE", .value = "content\n", .file = true});
  SECTION("prepare_script") { check_golden("scripts/prepare_script", prepare_script(b.context())); }
  SECTION("clear_worktree") {
    check_golden("scripts/clear_worktree", clear_worktree_script(b.context()));
  }
  SECTION("get_sources, fetch") { check_golden("scripts/get_sources_fetch", b.sources()); }
  SECTION("get_sources, none") {
    b.variable("GIT_STRATEGY", "none");
    check_golden("scripts/get_sources_none", b.sources());
  }
  SECTION("get_sources, submodules") {
    b.variable("GIT_SUBMODULE_STRATEGY", "recursive");
    b.variable("GIT_SUBMODULE_UPDATE_FLAGS", "--remote");
    b.variable("GIT_SUBMODULE_PATHS", ":(exclude)lib");
    check_golden("scripts/get_sources_submodules", b.sources());
  }
  SECTION("get_sources, native clone without tokens") {
    b.variable("GIT_STRATEGY", "clone");
    b.variable("FF_USE_GIT_NATIVE_CLONE", "true");
    b.variable("FF_GIT_URLS_WITHOUT_TOKENS", "true");
    check_golden("scripts/get_sources_native_clone", b.sources());
  }
  SECTION("cleanup") { check_golden("scripts/cleanup", cleanup_script(b.context())); }
  SECTION("a step") {
    b.script({"echo one", "echo two\necho three"});
    b.runner.pre_build_script = "echo pre";
    b.runner.post_build_script = "echo post";
    check_golden("scripts/step", step_script(b.context(), b.payload.steps[0]));
  }
  SECTION("after_script") {
    b.after_script({"echo after"});
    check_golden("scripts/after_script", after_script(b.context()));
  }
  gitlab::job_cache const cache{
      .key = "a b", .untracked = true, .paths = {"x", "y z"}, .fallback_keys = {"other"}};
  SECTION("restore_cache") {
    b.payload.cache = {cache};
    b.variable("CACHE_FALLBACK_KEY", "main");
    check_golden("scripts/restore_cache", restore_cache_script(b.context()).value());
  }
  SECTION("archive_cache") {
    b.payload.cache = {cache};
    check_golden("scripts/archive_cache", archive_cache_script(b.context(), true).value());
  }
  SECTION("download_artifacts") {
    gitlab::job_dependency dependency{.id = 900, .token = secret("dep"), .name = "test 1/2"};
    dependency.artifacts_file.emplace().filename = "artifacts.zip";
    b.payload.dependencies = {dependency};
    check_golden("scripts/download_artifacts", download_artifacts_script(b.context()));
  }
  SECTION("upload_artifacts") {
    b.payload.artifacts = {{.name = "$CI_JOB_ID",
                            .untracked = true,
                            .paths = {"out/"},
                            .exclude = {"out/*.o"},
                            .artifact_type = "archive",
                            .artifact_format = "zip",
                            .expire_in = "1 week"}};
    check_golden("scripts/upload_artifacts",
                 upload_artifacts_script(b.context(), true, b.time.wall_now()));
  }
}

namespace {

// Signs by saying what it was asked for.
struct fake_store final : remote_cache {
  remote_object find(remote_key const& key) override {
    auto const name = (key.hashed ? "hashed/" : "plain/") + key.storage.substr(0, 8);
    if (key.human == "outside") return {};
    return {"https://s/" + name + "?get",
            "https://s/" + name + "?head",
            "https://s/" + name + "?put",
            {"x-amz-meta-cachekey: " + key.human, "x-amz-server-side-encryption: AES256"}};
  }
};

}  // namespace

TEST_CASE("a store's URLs go into the calls of the cache commands", "[job][scripts][cache]") {
  scripted b;
  fake_store store;
  b.payload.cache = {{.key = "key", .paths = {"x"}}, {.key = "outside", .paths = {"y"}}};
  b.runner.cache.emplace().max_uploaded_archive_size = 4096;
  auto const hashed = GENERATE(false, true);
  if (hashed) b.variable("FF_HASH_CACHE_KEYS", "true");
  auto job = b.context();
  job.store = &store;
  // sha256 of "key" begins so.
  std::string const ours = hashed ? "hashed/2c70e12b" : "plain/key";
  std::string const other = hashed ? "plain/key" : "hashed/2c70e12b";
  auto const restore = restore_cache_script(job).value();
  CAPTURE(restore);
  CHECK(contains(restore, "https://s/" + ours + "?get"));
  CHECK(contains(restore, "https://s/" + ours + "?head"));
  CHECK(contains(restore, "https://s/" + other + "?get"));
  CHECK(contains(restore, "https://s/" + other + "?head"));
  auto const archive = archive_cache_script(job, true).value();
  CAPTURE(archive);
  CHECK(contains(archive, "https://s/" + ours + "?put"));
  CHECK(contains(archive, "x-amz-meta-cachekey: key"));
  CHECK(contains(archive, "x-amz-server-side-encryption: AES256"));
  CHECK(contains(archive, "--max-uploaded-archive-size"));
  // An object that may not be reached stays on the machine.
  CHECK_FALSE(contains(restore, "outside?get"));
  CHECK_FALSE(contains(archive, "outside?put"));
}

TEST_CASE("a kind of store that nobody knows is said and leaves caches on the machine",
          "[job][cache]") {
  config::cache_settings settings;
  CHECK(open_remote_cache(settings).failure.empty());
  settings.type = "floppy";
  auto const chosen = open_remote_cache(settings);
  CHECK_FALSE(chosen.store);
  CHECK(chosen.failure.starts_with(
      "Could not create cache adapter: cache factory not found: factory for cache adapter "
      "\"floppy\" was not registered"));
}

TEST_CASE("stages with nothing to do have no script", "[job][scripts]") {
  scripted b;
  auto const job = b.context();
  CHECK(restore_cache_script(job).value().empty());
  CHECK(archive_cache_script(job, true).value().empty());
  CHECK(download_artifacts_script(job).empty());
  CHECK(upload_artifacts_script(job, true, {}).empty());
  CHECK(after_script(job).empty());
}

TEST_CASE("artifacts and caches are saved when their `when` fits", "[job][scripts]") {
  CHECK(fits("", true));
  CHECK(fits("on_success", true));
  CHECK(fits("always", true));
  CHECK(fits("always", false));
  CHECK(fits("on_failure", false));
  CHECK_FALSE(fits("on_failure", true));
  CHECK_FALSE(fits("on_success", false));
  CHECK_FALSE(fits("", false));
}

TEST_CASE("without a URL of the server nothing is uploaded", "[job][scripts]") {
  scripted b;
  b.payload.artifacts = {{.paths = {"x"}}};
  b.runner.url.clear();
  CHECK(upload_artifacts_script(b.context(), true, {}).empty());
}

TEST_CASE("what an archive is told to say of itself only the job decides", "[job][scripts]") {
  scripted b;
  b.payload.artifacts = {{.paths = {"x"}, .artifact_format = "zip"}};
  b.runner.environment = {"RUNNER_GENERATE_ARTIFACTS_METADATA=true"};
  auto const upload = [&b] { return upload_artifacts_script(b.context(), true, {}); };
  CHECK_FALSE(contains(upload(), "--generate-artifacts-metadata"));
  auto const [value, wanted] = GENERATE(table<std::string, bool>(
      {{"true", true}, {"TRUE", true}, {"1", true}, {"t", true}, {"yes", false}, {"", false}}));
  CAPTURE(value);
  b.variable("RUNNER_GENERATE_ARTIFACTS_METADATA", value);
  b.variable("SLSA_PROVENANCE_SCHEMA_VERSION", "v0.2");
  CHECK(contains(upload(), "--generate-artifacts-metadata") == wanted);
  CHECK(contains(upload(), "--schema-version v0.2") == wanted);
}

TEST_CASE("git is given the narrower address first, so that it sends one Authorization",
          "[job][scripts]") {
  scripted b;
  b.variable("CI_SERVER_TLS_CA_FILE", "PEM");
  auto const text = external_git_configuration(b.context(), git_credentials::headers);
  INFO(text);
  auto const narrow = text.find("[http \"https://gitlab.example.com/group/project.git\"]");
  auto const wide = text.find("[http \"https://gitlab.example.com\"]");
  REQUIRE(narrow != std::string::npos);
  REQUIRE(wide != std::string::npos);
  CHECK(narrow < wide);
  CHECK(text.find("sslCAInfo") > wide);
}

TEST_CASE("a commit id of three digits is shown as it is", "[job][scripts]") {
  scripted b;
  b.payload.git_info.sha = "abc";
  CHECK(contains(b.sources(), "Checking out abc as detached HEAD (ref is main)..."));
}

TEST_CASE("submodules of no depth are told as the reference tells them", "[job][scripts]") {
  auto const [depth, told] = GENERATE(table<std::string, std::string>(
      {{"5", "submodules recursively with git depth set to 5..."},
       {"0", "submodules recursively..."},
       {"-1", "submodules..."}}));
  scripted b;
  b.variable("GIT_SUBMODULE_STRATEGY", "recursive");
  b.variable("GIT_SUBMODULE_DEPTH", depth);
  CHECK(contains(b.sources(), "Updating/initializing " + told));
}

TEST_CASE("the lines of a release step know the job's variables only", "[job][scripts]") {
  scripted b;
  b.add_step("release", {"echo $CI_JOB_ID $HOME"});
  auto const text = step_script(b.context(), b.payload.steps[0]);
  CHECK(contains(text, "echo 1001"));
  CHECK_FALSE(contains(text, "$HOME"));
}

TEST_CASE("variables stand in their order: flags, runner, job, runner", "[job][scripts]") {
  scripted b;
  b.variable("CI_PROJECT_DIR", "mine");
  b.variable("FF_HASH_CACHE_KEYS", "true");
  b.runner.environment = {"OWN=1", "no equals sign"};
  b.context();
  std::vector<std::string> keys;
  for (auto const& variable : b.made->variables.all()) keys.push_back(variable.key);
  auto const at = [&keys](std::string_view key) {
    return std::ranges::find(keys, key) - keys.begin();
  };
  CHECK(at("FF_TEST_FEATURE") == 0);
  CHECK(at("FF_HASH_CACHE_KEYS") < at("CI_RUNNER_SHORT_TOKEN"));
  CHECK(at("CI_RUNNER_SHORT_TOKEN") < at("OWN"));
  CHECK(at("OWN") < at("CI_BUILDS_DIR"));
  CHECK(at("CI_JOB_TIMEOUT") < at("CI_JOB_ID"));
  CHECK(at("CI_JOB_ID") < at("CI_SHARED_ENVIRONMENT"));
  CHECK(keys.back() == "RUNNER_TEMP_PROJECT_DIR");
  CHECK(std::ranges::count(keys, "FF_HASH_CACHE_KEYS") == 1);
  CHECK(b.made->variables.value("CI_PROJECT_DIR") == "mine");
  CHECK(std::ranges::count(keys, "no equals sign") == 0);
}

TEST_CASE("a configured relative builds_dir is used absolutely by scripts", "[job][scripts]") {
  scripted b;
  b.runner.builds_dir = "some/builds";
  auto const job = b.context();
  CHECK(job.directories.project == "/work-dir/some/builds/bench0tok/0/group/project");
  CHECK(job.variables.value("CI_PROJECT_DIR") == "some/builds/bench0tok/0/group/project");
  CHECK(job.variables.value("RUNNER_TEMP_PROJECT_DIR") ==
        "/work-dir/some/builds/bench0tok/0/group/project.tmp");
}
