#include "support.hpp"

#include "runner/pipeline/structure/include.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

namespace corunner::pipeline {
namespace {

using namespace test;
using list = std::vector<std::string>;

TEST_CASE("an including file overrides keys and replaces lists", "[pipeline][include]") {
  memory_files files({{"ci/base.yml", R"(
build:
  variables: {A: base, B: base}
  script: [one, two]
  image: {name: alpine, entrypoint: [sh]}
)"}});
  plan const made = plan_of(R"(
include: /ci/base.yml
build:
  variables: {B: mine}
  script: [three]
  image: {name: debian}
)",
                            files);
  job_definition const& job = made.jobs.at(0);
  CHECK(job.variables == std::vector<variable>{{"A", "base"}, {"B", "mine"}});
  CHECK(job.script == list{"three"});
  CHECK(job.image->name == "debian");
  CHECK(job.image->entrypoint == list{"sh"});
}

TEST_CASE("files are merged in their order, and nest", "[pipeline][include]") {
  memory_files files({
      {"a.yml", "include: {local: nested/c.yml}\nvariables: {X: a, Y: a}\n"},
      {"b.yaml", "variables: {X: b}\njob: {script: [from-b]}\n"},
      {"nested/c.yml", "variables: {X: c, Y: c, Z: c}\n"},
  });
  plan const made = plan_of("include: [a.yml, {local: b.yaml}]", files);
  CHECK(made.variables == std::vector<variable>{{"X", "b"}, {"Y", "a"}, {"Z", "c"}});
}

TEST_CASE("wildcards include what they match", "[pipeline][include]") {
  struct row {
    char const* pattern;
    char const* path;
    bool matches;
  };
  constexpr row rows[]{
      {"ci/*.yml", "ci/a.yml", true},        {"ci/*.yml", "ci/sub/a.yml", false},
      {"ci/**.yml", "ci/sub/a.yml", true},   {"ci/**.yml", "ci/a.yml", true},
      {"ci/**/*.yml", "ci/sub/a.yml", true}, {"ci/**/*.yml", "ci/a.yml", false},
      {"ci/*.yml", "ci/axyml", false},       {"*.yml", ".gitlab-ci.yml", true},
  };
  for (row const& r : rows) {
    CAPTURE(r.pattern, r.path);
    CHECK(structure::include_pattern_matches(r.pattern, r.path) == r.matches);
  }
  memory_files files({{"ci/a.yml", "a: {script: [x]}"}, {"ci/b.yml", "b: {script: [x]}"}});
  CHECK(names(plan_of("include: 'ci/*.yml'", files)) == list{"a", "b"});
}

TEST_CASE("include:rules decide with variables that exist before the pipeline",
          "[pipeline][include]") {
  memory_files files({{"a.yml", "a: {script: [x]}"}, {"b.yml", "b: {script: [x]}"}});
  files.changed = {};
  pipeline_source source = branch_source();
  source.pipeline_variables = {{"WANT", "yes"}};
  auto const included = [&](std::string const& rules) {
    plan const made = plan_of(
        fmt::format("include: [{{local: a.yml, rules: {}}}, b.yml]\nvariables: {{YAML: yes}}",
                    rules),
        files, source);
    return names(made).size() == 2;
  };
  CHECK(included("[{if: $WANT}]"));
  CHECK_FALSE(included("[{if: $OTHER}]"));
  CHECK_FALSE(included("[{if: $YAML}]"));
  CHECK_FALSE(included("[{if: $WANT, when: never}]"));
  CHECK(included("[{if: $OTHER, when: never}, {if: $WANT, when: always}]"));
  CHECK(included("[{exists: ['*.yml']}]"));
  CHECK_FALSE(included("[{exists: [Dockerfile]}]"));
}

TEST_CASE("variables expand in the paths of includes", "[pipeline][include]") {
  memory_files files({{"ci/demo.yml", "a: {script: [x]}"}});
  CHECK(names(plan_of("include: ci/$CI_PROJECT_NAME.yml", files)) == list{"a"});
}

TEST_CASE("what is wrong with an include is said in GitLab's words", "[pipeline][include]") {
  memory_files files({{"empty.yml", " \n"},
                      {"bad.yml", "a: [1\n"},
                      {"list.yml", "[1, 2]"},
                      {"notes.txt", "x: 1"},
                      {"loop.yml", "include: loop.yml\na: {script: [x]}"}});
  struct row {
    char const* include;
    char const* error;
  };
  constexpr row rows[]{
      {"none.yml", ".gitlab-ci.yml:1:10: Local file `none.yml` does not exist!\n"},
      {"../x.yml", ".gitlab-ci.yml:1:10: Local file `../x.yml` does not exist!\n"},
      {"empty.yml", ".gitlab-ci.yml:1:10: Local file `empty.yml` is empty!\n"},
      {"notes.txt",
       ".gitlab-ci.yml:1:10: Included file `notes.txt` does not have YAML extension!\n"},
      {"bad.yml",
       "bad.yml:2:1: Invalid configuration format: did not find expected ',' or ']' while parsing a "
       "flow sequence\n"},
      {"list.yml", "list.yml:1:1: Invalid configuration format: the root should be a mapping\n"},
      {"loop.yml", "loop.yml:1:10: Maximum of 150 nested includes are allowed!\n"},
      {"{local: 12}", ".gitlab-ci.yml:1:18: Included file `12` needs to be a string\n"},
      {"{local: a.yml, remote: b}",
       ".gitlab-ci.yml:1:10: Each include must use only one of: local, project, remote, template, "
       "component, artifact\n"},
      {"{local: a.yml, file: b}",
       ".gitlab-ci.yml:1:25: include config contains unknown keys: file\n"},
      {"{local: a.yml, inputs: {x: 1}}",
       ".gitlab-ci.yml:1:25: keyword 'include:inputs' is not supported yet\n"},
      {"https://example.com/x.yml",
       ".gitlab-ci.yml:1:10: keyword 'include:remote' is not supported yet\n"},
      {"{remote: 'https://example.com/x.yml'}",
       ".gitlab-ci.yml:1:11: keyword 'include:remote' is not supported yet\n"},
      {"{project: g/p, file: x.yml, ref: main}",
       ".gitlab-ci.yml:1:11: keyword 'include:project' is not supported yet\n"},
      {"{template: Auto-DevOps.gitlab-ci.yml}",
       ".gitlab-ci.yml:1:11: keyword 'include:template' is not supported yet\n"},
      {"{component: $CI_SERVER_FQDN/g/p/x@1}",
       ".gitlab-ci.yml:1:11: keyword 'include:component' is not supported yet\n"},
  };
  for (row const& r : rows) {
    CAPTURE(r.include);
    CHECK(errors_of(fmt::format("include: {}\njob: {{script: [x]}}\n", r.include), files) ==
          r.error);
  }
}

TEST_CASE("a header document that declares nothing is passed over", "[pipeline][include]") {
  CHECK(names(plan_of("spec: {inputs: ~}\n---\njob: {script: [x]}")) == list{"job"});
  CHECK(errors_of("spec:\n  inputs: {x: ~}\n---\njob: {script: [x]}") ==
        ".gitlab-ci.yml:2:3: keyword 'spec:inputs' is not supported yet\n");
  CHECK(errors_of("spec: {}\njob: {script: [x]}") ==
        ".gitlab-ci.yml:1:1: `spec` belongs into a header document of its own, ended by '---'\n");
  CHECK(errors_of("a: 1\n---\njob: {script: [x]}") ==
        ".gitlab-ci.yml:1:1: the header document may only hold `spec`\n");
}

TEST_CASE("extends merges bases in order, then the job", "[pipeline][extends]") {
  plan const made = plan_of(R"(
.one: {variables: {A: 1, B: 1, C: 1}, script: [one], tags: [t1]}
.two: {extends: .zero, variables: {B: 2}, script: [two]}
.zero: {variables: {B: 0, Z: 0}, after_script: [zero]}
job:
  extends: [.one, .two]
  variables: {C: 3}
  tags: ~
)");
  job_definition const& job = made.jobs.at(0);
  CHECK(job.script == list{"two"});
  CHECK(job.after_script == list{"zero"});
  CHECK(job.tags.empty());
  variable_list const got(job.variables);
  CHECK(got.value("A") == "1");
  CHECK(got.value("B") == "2");
  CHECK(got.value("C") == "3");
  CHECK(got.value("Z") == "0");
}

TEST_CASE("what is wrong with extends stops the evaluation", "[pipeline][extends]") {
  struct row {
    char const* text;
    char const* error;
  };
  constexpr row rows[]{
      {"a: {extends: .b, script: [x]}",
       ".gitlab-ci.yml:1:14: a: unknown keys in `extends` (.b)\n"},
      {"a: {extends: [.b, .c], script: [x]}\n.b: {}",
       ".gitlab-ci.yml:1:14: a: unknown keys in `extends` (.c)\n"},
      {"a: {extends: .b, script: [x]}\n.b: text",
       ".gitlab-ci.yml:1:14: a: invalid base hashes in `extends` (.b)\n"},
      {".a: {extends: .b}\n.b: {extends: .a}",
       ".gitlab-ci.yml:1:15: .a: circular dependency detected in `extends`\n"},
      {"a: {extends: a, script: [x]}",
       ".gitlab-ci.yml:1:14: a: circular dependency detected in `extends`\n"},
  };
  for (row const& r : rows) {
    CAPTURE(r.text);
    CHECK(errors_of(r.text) == r.error);
  }
  std::string chain = "j0: {script: [x], extends: .j1}\n";
  for (int i = 1; i < 12; ++i) chain += fmt::format(".j{}: {{extends: .j{}}}\n", i, i + 1);
  CHECK(errors_of(chain + ".j12: {}").ends_with("nesting too deep in `extends`\n"));
}

TEST_CASE("references bring values of the extended configuration", "[pipeline][reference]") {
  memory_files files({{"lib.yml", ".lib: {script: [from-lib, deep]}"}});
  plan const made = plan_of(R"(
include: lib.yml
.base: {variables: {A: base}, script: [base]}
.child: {extends: .base, before_script: [pre]}
job:
  variables: !reference [.child, variables]
  script:
    - !reference [.child, script]
    - [nested, !reference [.lib, script]]
    - last
  rules:
    - !reference [.rules, mine]
    - when: manual
.rules:
  mine: [{if: $NO}, !reference [.rules, more]]
  more: [{if: $CI_COMMIT_BRANCH, when: always}]
)",
                            files);
  job_definition const& job = made.jobs.at(0);
  CHECK(job.script == list{"base", "nested", "from-lib", "deep", "last"});
  CHECK(job.variables == std::vector<variable>{{"A", "base"}});
  CHECK(job.when == job_when::always);
}

TEST_CASE("during extends a reference is one value and replaces", "[pipeline][reference]") {
  plan const made = plan_of(R"(
.vars: {v: {B: 2}}
.base: {variables: {A: 1}}
job: {extends: .base, variables: !reference [.vars, v], script: [x]}
)");
  CHECK(made.jobs.at(0).variables == std::vector<variable>{{"B", "2"}});
}

TEST_CASE("what is wrong with a reference stops the evaluation", "[pipeline][reference]") {
  struct row {
    char const* value;
    char const* error;
  };
  constexpr row rows[]{
      {"!reference [.a, none]", "!reference [\".a\", \"none\"] could not be found"},
      {"!reference [.none, x]", "!reference [\".none\", \"x\"] could not be found"},
      {"!reference [.a, null]", "!reference [\".a\", \"\"] is not valid"},
      {"!reference [.a, nothing]", "!reference [\".a\", \"nothing\"] could not be found"},
      {"!reference [.a, wrong]", "!reference [\".a\", \"wrong\"] could not be found"},
      {"!reference []", "!reference [] is not valid"},
      {"!reference x", "!reference [] is not valid"},
      {"!reference [1]", "!reference [\"1\"] is not valid"},
      {"!reference [.a, self]", "!reference [\".a\", \"self\"] is part of a circular chain"},
  };
  for (row const& r : rows) {
    CAPTURE(r.value);
    std::string const text = fmt::format(
        "job: {{script: {}}}\n.a: {{nothing: ~, wrong: false, self: !reference [.a, self]}}\n",
        r.value);
    CHECK(errors_of(text).find(r.error) != std::string::npos);
  }
}

}  // namespace
}  // namespace corunner::pipeline
