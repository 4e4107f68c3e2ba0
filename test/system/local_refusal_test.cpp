// `corunner local`: what it cannot run ends with 2 and one clear message.

#include "test/system/support/files.hpp"
#include "test/system/support/local_world.hpp"

#include <catch2/generators/catch_generators.hpp>

namespace corunner::test {

TEST_CASE("local ends with 2 and tells place and fault of a wrong configuration",
          "[system][local]") {
  auto const [pipeline, message] = GENERATE(table<std::string, std::string>({
      {"job:\n  script:\n    - echo\n   - b\n",
       ".gitlab-ci.yml:4:4: Invalid configuration format: "},
      {"job:\n  script: [ls]\n  artefacts: {paths: [x]}\n",
       ".gitlab-ci.yml:3:3: jobs:job config contains unknown keys: artefacts, did you mean "
       "'artifacts'?"},
      {"job: {script: [ls], stage: tset}\n", "tset"},
      {"job: {script: [ls], needs: [nobody]}\n", "nobody"},
      {"job: {script: [ls]}\ninclude: {remote: 'https://example.com/a.yml'}\n",
       ".gitlab-ci.yml:2:11: keyword 'include:remote' is not supported yet"},
      {"job:\n  script: [ls]\n  release: {tag_name: a}\n", "description can't be blank"},
      {"job:\n  script: [ls]\n  secrets: {A: {vault: b}}\n",
       ".gitlab-ci.yml:3:3: keyword 'secrets' is not supported yet"},
      {"down:\n  trigger: {project: a/b}\n",
       ".gitlab-ci.yml:2:3: keyword 'trigger' is not supported yet"},
  }));
  CAPTURE(pipeline);
  local_world w(pipeline);
  auto const result = w.local();
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.starts_with(".gitlab-ci.yml:"));
  INFO(result.err);
  CHECK(has(result.err, message));
  CHECK(names_in(w.temporary()).empty());
}

TEST_CASE("local ends with 2 for a job that is not there and suggests one that is",
          "[system][local]") {
  local_world w("compile: {script: [ls]}\n");
  auto const result = w.local({"compil"});
  CHECK(result.code == 2);
  CHECK(result.err == "no job 'compil' in this pipeline, did you mean 'compile'?\n");
}

TEST_CASE("local ends with 2 for a file that is not there and a variable that is none",
          "[system][local]") {
  local_world w("job: {script: [ls]}\n");
  auto const no_file = w.local({"--file", "other.yml"});
  CHECK(no_file.code == 2);
  CHECK(no_file.err == "other.yml: the file is not in the repository\n");
  auto const no_variable = w.local({"--variable", "NAME"});
  CHECK(no_variable.code == 2);
  CHECK(no_variable.err == "bad --variable 'NAME', expected KEY=VALUE\n");
}

TEST_CASE("local says that rules leave nothing to run and ends with 0", "[system][local]") {
  local_world w("job: {script: [ls], rules: [{if: $NEVER_SET}]}\n");
  auto const result = w.local();
  CHECK(result.code == 0);
  INFO(result.err);
  CHECK_FALSE(result.err.empty());
}

}  // namespace corunner::test
