// `corunner local`: keywords that decide how a pipeline goes, with real jobs.

#include "test/system/support/files.hpp"
#include "test/system/support/local_world.hpp"

namespace corunner::test {

TEST_CASE("local runs a failed job again as often as retry says", "[system][local]") {
  local_world w(R"yml(
job:
  retry: 2
  script:
    - echo x >> "$COUNT"
    - test "$(wc -l < "$COUNT")" -ge 3
)yml");
  auto const result = w.local({"--variable", "COUNT=" + w.path("count").string()});
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(read_file(w.path("count")) == "x\nx\nx\n");
  CHECK(count_of("ran again", result.out) == 2);
}

TEST_CASE("local passes with warnings when the job that failed may fail", "[system][local]") {
  local_world w(R"yml(
stages: [build, test]
shaky: {stage: build, script: ['exit 4'], allow_failure: true}
after: {stage: test, script: ['echo "went on"']}
)yml");
  auto const result = w.local();
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(has(result.out, "failed (allowed): exit code 4"));
  CHECK(has(result.out, "| went on\n"));
  CHECK(has(result.out, "pipeline passed with warnings in "));
}

TEST_CASE("local runs after_script with the result of the script, also when that failed",
          "[system][local]") {
  local_world w(R"yml(
default:
  before_script: ['echo "before $CI_JOB_NAME"']
  after_script: ['echo "after $CI_JOB_NAME: $CI_JOB_STATUS"']
good: {script: ['true']}
bad: {script: ['false']}
)yml");
  auto const result = w.local();
  INFO(result.out << result.err);
  CHECK(result.code == 1);
  CHECK(has(result.out, "| before good\n"));
  CHECK(has(result.out, "| after good: success\n"));
  CHECK(has(result.out, "| after bad: failed\n"));
}

TEST_CASE("local prints the release that GitLab would make, when the script passed",
          "[system][local]") {
  local_world w(R"yml(
stages: [build, deploy]
version: {stage: build, script: ['echo VERSION=1.2 > v.env'], artifacts: {reports: {dotenv: v.env}}}
publish:
  stage: deploy
  script: ['echo packed']
  release: {tag_name: v$VERSION, name: "It's $CI_PROJECT_NAME", description: 'of $CI_COMMIT_REF_NAME'}
bad:
  stage: deploy
  script: ['false']
  release: {tag_name: never, description: x}
)yml");
  auto const result = w.local();
  INFO(result.out << result.err);
  CHECK(result.code == 1);
  CHECK(has(result.out, "|   tag_name: v1.2\n"));
  CHECK(has(result.out, "|   name: It\"s "));
  CHECK(has(result.out, "|   description: of main\n"));
  CHECK_FALSE(has(result.out, "tag_name: never"));
}

TEST_CASE("local starts a job as soon as what it needs is done, not its stage", "[system][local]") {
  // `slow` waits for what only a job of a later stage does: stage by stage it would never end.
  local_world w(R"yml(
stages: [build, test]
fast: {stage: build, script: ['echo made > fast.txt'], artifacts: {paths: [fast.txt]}}
slow:
  stage: build
  script:
    - while [ ! -e "$MARK" ]; do sleep 0.05; done
early:
  stage: test
  needs: [fast]
  script:
    - cat fast.txt
    - touch "$MARK"
)yml");
  auto const result = w.local({"-j", "2", "--variable", "MARK=" + w.path("mark").string()});
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(has(result.out, "early | made\n"));
}

TEST_CASE("local gives a job its variables, those of --variable above those of the file",
          "[system][local]") {
  local_world w(R"yml(
variables: {FROM_FILE: file, BOTH: file, NESTED: "$BOTH/x"}
job:
  variables: {OF_JOB: job}
  rules: [{if: $BOTH == "line"}]
  script:
    - echo "$FROM_FILE $BOTH $OF_JOB $NESTED"
    - echo "$CI_PIPELINE_SOURCE $CI_COMMIT_BRANCH $CI"
)yml");
  auto const result = w.local({"--variable", "BOTH=line", "job"});
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(has(result.out, "\nfile line job line/x\n"));
  CHECK(has(result.out, "\npush main true\n"));
}

TEST_CASE("local masks the job's token in its log", "[system][local]") {
  local_world w(R"yml(
job:
  script:
    - echo "token=$CI_JOB_TOKEN."
    - echo "half=$(echo "$CI_JOB_TOKEN" | head -c 3)"
    - printf '%s' "$CI_JOB_TOKEN" | wc -c
)yml");
  auto const result = w.local({"job"});
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(has(result.out, "\ntoken=[MASKED].\n"));
}

TEST_CASE("local hands dotenv variables and files from job to job", "[system][local]") {
  local_world w(R"yml(
stages: [build, test]
make:
  stage: build
  script:
    - echo "VERSION=1.2.3" > build.env
    - mkdir -p "out/a dir" && echo inside > "out/a dir/file"
  artifacts: {paths: [out/], reports: {dotenv: build.env}}
use:
  stage: test
  script:
    - echo "version $VERSION"
    - cat "out/a dir/file"
)yml");
  auto const result = w.local();
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK(has(result.out, "use  | version 1.2.3\n"));
  CHECK(has(result.out, "use  | inside\n"));
}

TEST_CASE("local leaves a manual job for a person and runs it when it is named",
          "[system][local]") {
  local_world w(R"yml(
deploy: {script: ['echo "deployed"'], when: manual}
check: {script: ['true']}
)yml");
  auto const all = w.local();
  CHECK(all.code == 0);
  CHECK_FALSE(has(all.out, "| deployed"));
  auto const named = w.local({"deploy"});
  CHECK(named.code == 0);
  CHECK(has(named.out, "\ndeployed\n"));
}

}  // namespace corunner::test
