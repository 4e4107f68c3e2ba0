#include "runner/job/job_directories.hpp"

#include "runner/job/git_url.hpp"
#include "test/runner/job/job_bench.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

struct place {
  config::runner_entry runner = test::plain_runner();
  gitlab::job_payload payload = test::plain_payload();
  std::string executor = "shell";
  git_strategy strategy = git_strategy::fetch;

  directory_facts facts() const {
    return {.runner = runner,
            .payload = payload,
            .traits = traits_of(executor),
            .strategy = strategy,
            .concurrent_project_id = 3,
            .working_directory = "/start"};
  }
};

}  // namespace

TEST_CASE("the slug is the path of the repository", "[job][directories]") {
  auto const [url, slug] = GENERATE(table<std::string, std::string>({
      {"https://t:x@host/group/project.git", "group/project"},
      {"http://host:8080/sub/path/group/project", "sub/path/group/project"},
      {"http://x@host/group/../up.git", "up"},
      {"ssh://git@host/a/b.git", "a/b"},
      {"https://host/a%20b/c.git", "a b/c"},
      {"https://host/../../etc", "etc"},
      {"https://host/", "project-42"},
      {"https:///a/b", "project-42"},
      {"git@host:a/b.git", "project-42"},
      {"", "project-42"},
      {"https://host/a..b/c.git", "project-42"},
  }));
  CAPTURE(url);
  CHECK(project_slug(url, 42) == slug);
}

TEST_CASE("a shared builds directory has token and slot in the path", "[job][directories]") {
  place p;
  auto const found = standard_directories(p.facts());
  CHECK(found->builds == "/work-dir/builds");
  CHECK(found->project == "/work-dir/builds/bench0tok/3/group/project");
  CHECK(found->temporary() == "/work-dir/builds/bench0tok/3/group/project.tmp");
  CHECK(found->cache == "/work-dir/cache/group/project");
}

TEST_CASE("a builds directory that is not shared has neither", "[job][directories]") {
  place p;
  p.executor = "docker";
  p.runner.builds_dir.clear();
  p.runner.cache_dir.clear();
  auto const found = standard_directories(p.facts());
  CHECK(found->project == "/builds/group/project");
  CHECK(found->cache == "/cache/group/project");
}

TEST_CASE("default directories are below the working directory, configured ones as written",
          "[job][directories]") {
  place p;
  p.runner.builds_dir.clear();
  p.runner.cache_dir = "some/cache/";
  auto const found = standard_directories(p.facts());
  CHECK(found->builds == "/start/builds");
  CHECK(found->cache == "some/cache/group/project");
  p.runner.builds_dir = "/work-dir/x/../builds/";
  auto const untidy = standard_directories(p.facts());
  CHECK(untidy->builds == "/work-dir/x/../builds/");  // what CI_BUILDS_DIR says
  CHECK(untidy->project == "/work-dir/builds/bench0tok/3/group/project");
}

TEST_CASE("strategy empty has directories of its own", "[job][directories]") {
  place p;
  p.strategy = git_strategy::empty;
  auto const found = standard_directories(p.facts());
  CHECK(found->project == "/work-dir/builds/bench0tok/3/group/project-empty");
  CHECK(found->cache == "/work-dir/cache/group/project-empty");
}

TEST_CASE("directories that nobody names are a fault of the configuration", "[job][directories]") {
  place p;
  p.executor = "custom";
  p.runner.cache_dir.clear();
  CHECK(standard_directories(p.facts()).error().message == "the cache_dir is not configured");
  p.runner.builds_dir.clear();
  auto const found = standard_directories(p.facts());
  CHECK(found.error().message == "the builds_dir is not configured");
  CHECK(found.error().reason == gitlab::failure_reason::runner_configuration_error);
}

TEST_CASE("GIT_CLONE_PATH must stay within the builds directory", "[job][directories]") {
  place p;
  p.runner.custom_build_dir.enabled = true;
  auto const base = *standard_directories(p.facts());
  auto const [path, good] = GENERATE(table<std::string, bool>({
      {"/work-dir/builds/custom/x", true},
      {"/work-dir/builds/a/../b/", true},
      {"/elsewhere", false},
      {"/work-dir/builds/../x", false},
      {"/work-dir/builds-2", false},
      {"relative", false},
      {"/work-dir/builds/..foo", false},
  }));
  CAPTURE(path);
  auto const found = with_clone_path(base, p.facts(), path);
  CHECK(found.has_value() == good);
  if (good && found) CHECK((found->project == "/work-dir/builds/custom/x" ||
                            found->project == "/work-dir/builds/b"));
}

TEST_CASE("a GIT_CLONE_PATH that is refused is told with what it should be in",
          "[job][directories]") {
  place p;
  p.runner.custom_build_dir.enabled = true;
  p.runner.builds_dir = "/work-dir/builds/";
  auto const base = *standard_directories(p.facts());
  CHECK(with_clone_path(base, p.facts(), "/else\\where").error().message ==
        "the GIT_CLONE_PATH=\"/else\\\\where\" has to be within \"/work-dir/builds/\"");
  CHECK(with_clone_path(base, p.facts(), "some/where").error().message ==
        "Rel: can't make some/where relative to /work-dir/builds/");
  CHECK(with_clone_path(base, p.facts(), "/work-dir/builds").value().project == "/work-dir/builds");
}

TEST_CASE("names for networks are labels of at most 63 characters", "[job][directories]") {
  auto const payload = test::plain_payload();
  auto const names = unique_names_of("Ab_cD0tok", payload, 0);
  CHECK(names.project == "runner-abcd0tok-project-42-concurrent-0");
  CHECK(names.job == "runner-abcd0tok-42-0-1001");
  CHECK(unique_names_of(std::string(100, 'x'), payload, 0).job.size() == 63);
}
