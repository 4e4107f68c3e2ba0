#include "support.hpp"

#include "runner/pipeline/entry/reader.hpp"
#include "runner/pipeline/glob.hpp"
#include "runner/pipeline/planning/cache_key.hpp"
#include "runner/pipeline/slug.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

namespace corunner::pipeline {
namespace {

using namespace test;
using list = std::vector<std::string>;

job_definition job_with(std::string_view keys, file_reader& files) {
  return plan_of(fmt::format("job:\n  script: [x]\n{}\n", keys), files).jobs.at(0);
}

job_definition job_with(std::string_view keys) {
  memory_files files;
  return job_with(keys, files);
}

TEST_CASE("durations are read as people write them", "[pipeline][duration]") {
  struct row {
    char const* text;
    long seconds;  // 0: no duration
  };
  constexpr row rows[]{
      {"42", 42},
      {"42 seconds", 42},
      {"3 mins 4 sec", 184},
      {"2 hrs 20 min", 8400},
      {"2h20min", 8400},
      {"6 mos 1 day", 15638400},
      {"1 week", 604800},
      {"3 weeks and 2 days", 1987200},
      {"1 year", 31557600},
      {"47 yrs 6 mos and 4d", 1499104800},
      {"1.5 hours", 5400},
      {"1d, 2h", 93600},
      {"1H", 3600},
      {"4:01:01", 14461},
      {"10:30", 630},
      {"", 0},
      {"never", 0},
      {"0", 0},
      {"5 parsecs", 0},
      {"-5", 0},
      {"and", 0},
      {"1..2 s", 0},
      {"99999999999999999999 y", 0},
  };
  for (row const& r : rows) {
    CAPTURE(r.text);
    auto const got = entry::parse_duration(r.text);
    CHECK((got ? got->count() : 0) == r.seconds);
  }
}

TEST_CASE("a timeout is a quoted duration of at most a month", "[pipeline][job]") {
  CHECK(job_with("  timeout: 1h 30m").timeout == std::chrono::minutes(90));
  CHECK(errors_of("job: {script: [x], timeout: 60}") ==
        ".gitlab-ci.yml:1:29: jobs:job:timeout config should be a duration, quote it: '60'\n");
  CHECK(errors_of("job: {script: [x], timeout: 2 months}") ==
        ".gitlab-ci.yml:1:29: jobs:job:timeout config should not exceed the limit\n");
}

TEST_CASE("images and services in short and long form", "[pipeline][job]") {
  job_definition const job = job_with(R"(
  image: {name: "img:$V", entrypoint: ["", -c], pull_policy: [always, if-not-present],
          docker: {platform: linux/arm64, user: "1:1"}, kubernetes: {user: 1000}}
  services:
    - redis
    - {name: "postgres:16", alias: "db, sql", command: [a, b], variables: {P: 1}, pull_policy: never}
    - redis
)");
  image_definition image;
  image.name = "img:$V";
  image.entrypoint = list{"", "-c"};
  image.pull_policy = {"always", "if-not-present"};
  image.docker_platform = "linux/arm64";
  image.docker_user = "1:1";
  image.kubernetes_user = "1000";
  CHECK(job.image == image);
  REQUIRE(job.services.size() == 3);
  CHECK(job.services[0] == job.services[2]);
  CHECK(job.services[1].alias == "db, sql");
  CHECK(job.services[1].command == list{"a", "b"});
  CHECK(job.services[1].variables == std::vector<variable>{{"P", "1"}});
  CHECK(job.services[1].pull_policy == list{"never"});
}

TEST_CASE("artifacts and reports are carried", "[pipeline][job]") {
  job_definition const job = job_with(R"(
  artifacts:
    paths: [a/, [b]]
    exclude: [a/x]
    name: $CI_JOB_NAME
    untracked: false
    when: always
    expire_in: never
    public: false
    reports: {junit: a.xml, dotenv: [x.env], coverage_report: {coverage_format: cobertura, path: c}}
)");
  artifacts_definition wanted;
  wanted.paths = {"a/", "b"};
  wanted.exclude = {"a/x"};
  wanted.name = "$CI_JOB_NAME";
  wanted.untracked = false;
  wanted.when = "always";
  wanted.expire_in = "never";
  wanted.access = "developer";
  wanted.reports = {{"junit", {"a.xml"}}, {"dotenv", {"x.env"}}, {"cobertura", {"c"}}};
  CHECK(job.artifacts == wanted);
}

TEST_CASE("cache keys of files are GitLab's digests", "[pipeline][cache]") {
  // git hash-object of these contents
  CHECK(planning::blob_id("one\n") == "5626abf0f72e58d7a153368ba57db4c673c0e171");
  CHECK(planning::blob_id("") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  memory_files files({{"one", "one\n"}, {"sub/empty", ""}});
  std::string const digest = sha1_hex(
      "5626abf0f72e58d7a153368ba57db4c673c0e171-e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  struct row {
    char const* key;
    std::string result;
  };
  std::vector<row> const rows{
      {"text", "text-non_protected"},
      {"12", "12-non_protected"},
      {"$CI_COMMIT_REF_SLUG", "$CI_COMMIT_REF_SLUG-non_protected"},
      {"{files: [one, sub/empty]}", "0-" + digest + "-non_protected"},
      {"{files: [sub/*, one], prefix: $P}", "$P-" + digest + "-non_protected"},
      {"{files: [none], prefix: p}", "p-default-non_protected"},
  };
  for (row const& r : rows) {
    CAPTURE(r.key);
    job_definition const job =
        job_with(fmt::format("  cache: {{key: {}, paths: [a]}}", r.key), files);
    CHECK(job.cache.at(0).key == r.result);
  }
}

TEST_CASE("caches have defaults, a place and a suffix for protected refs", "[pipeline][cache]") {
  char const* const text = R"(
job:
  script: [x]
  cache:
    - {paths: [a]}
    - {key: b, policy: $POLICY, when: always, untracked: true, unprotect: true, fallback_keys: [c, d]}
)";
  cache_definition first;
  first.key = "default-non_protected";
  first.paths = {"a"};
  cache_definition second;
  second.key = "b-non_protected";
  second.policy = "$POLICY";
  second.when = "always";
  second.untracked = true;
  second.unprotect = true;
  second.fallback_keys = {"c-non_protected", "d-non_protected"};
  CHECK(plan_of(text).jobs.at(0).cache == std::vector<cache_definition>{first, second});
  pipeline_source source = branch_source();
  source.commit.ref_protected = true;
  plan const on_protected = plan_of(text, source);
  CHECK(on_protected.jobs.at(0).cache.at(0).key == "default-protected");
  CHECK(on_protected.jobs.at(0).cache.at(1).key == "b-non_protected");
  CHECK(plan_of("default: {cache: {paths: [a]}}\njob: {script: [x], cache: []}")
            .jobs[0]
            .cache.empty());
}

TEST_CASE("environments are expanded, get slug and tier", "[pipeline][job]") {
  job_definition const job = job_with(
      "  variables: {R: review}\n  environment: {name: $R/$CI_COMMIT_REF_SLUG, url: 'https://$R'}");
  CHECK(job.environment->name == "review/feature-big-one");
  CHECK(job.environment->url == "https://$R");
  CHECK(job.environment->tier == "development");
  CHECK(job.environment->action == "start");
  CHECK(environment_slug("production") == "production");
  struct row {
    char const* name;
    char const* tier;
  };
  constexpr row rows[]{{"Production", "production"}, {"live", "production"}, {"staging", "staging"},
                       {"model-x", "staging"},       {"testing", "testing"}, {"qa", "testing"},
                       {"review/x", "development"},  {"customer", "other"}};
  for (row const& r : rows) {
    CAPTURE(r.name);
    CHECK(guess_tier(r.name) == r.tier);
  }
}

TEST_CASE("slugs are short, lower case and hashed when they had to change", "[pipeline][slug]") {
  CHECK(slug("Feature/Add_Thing!") == "feature-add-thing");
  CHECK(slug("--x--") == "x");
  CHECK(slug("gr\xC3\xBC\xC3\x9F") == "gr");
  CHECK(slug(std::string(70, 'a')).size() == 63);
  // SHA-256 of the name as a number in base 36, last six digits: computed independently.
  CHECK(environment_slug("Production") == "production-iis43c");
  CHECK(environment_slug("review/a-very-long-branch-name") == "review-a-very-lon-vgbi69");
  CHECK(environment_slug("1st") == "env-1st-sru2wu");
}

TEST_CASE("retry, allow_failure and friends are read", "[pipeline][job]") {
  CHECK(job_with("  retry: 2").retry == retry_policy{2, true, {"always"}, {}});
  CHECK(job_with("  retry: {max: 1, when: script_failure}").retry ==
        retry_policy{1, true, {"script_failure"}, {}});
  CHECK(job_with("  retry: {max: 1, exit_codes: [1, 2]}").retry ==
        retry_policy{1, true, {}, {1, 2}});
  CHECK(job_with("").retry == retry_policy{});
  CHECK(job_with("  allow_failure: {exit_codes: 3}").allow_failure_exit_codes ==
        std::vector<int>{3});
  CHECK(job_with("  resource_group: $CI_PROJECT_NAME/$NONE").resource_group == "demo/");
  CHECK(job_with("  tags: [$CI_PROJECT_NAME, $NONE]").tags == list{"demo", "$NONE"});
  CHECK(job_with("  coverage: '/(\\d+)%/'").coverage == "(\\d+)%");
  CHECK(job_with("  hooks: {pre_get_sources_script: [a, b]}").pre_get_sources_script ==
        list{"a", "b"});
}

TEST_CASE("each keyword says what it wants", "[pipeline][job]") {
  struct row {
    char const* keys;
    char const* error;
  };
  constexpr row rows[]{
      {"script: 12",
       "jobs:j:script config should be a string or a nested array of strings up to 10 levels deep"},
      {"script: []", "jobs:j script can't be blank"},
      {"script: [x, 1]",
       "jobs:j:script config should be a string or a nested array of strings up to 10 levels deep"},
      {"script: [x], after_script: {a: b}",
       "jobs:j:after_script config should be a string or a nested array of strings up to 10 levels deep"},
      {"script: [x], stage: [a]", "jobs:j:stage config should be a string"},
      {"script: [x], retry: 3", "jobs:j:retry max must be less than or equal to 2"},
      {"script: [x], retry: {when: bored}", "jobs:j:retry when is not known: bored"},
      {"script: [x], retry: often", "jobs:j:retry config has to be either an integer or a hash"},
      {"script: [x], allow_failure: maybe",
       "jobs:j:allow_failure config should be a hash or a boolean value"},
      {"script: [x], allow_failure: {exit_codes: [a]}",
       "jobs:j:allow_failure exit codes should be an array of integers or an integer"},
      {"script: [x], image: 5", "jobs:j:image config should be a hash or a string"},
      {"script: [x], image: {entrypoint: [a]}", "jobs:j:image name can't be blank"},
      {"script: [x], image: {name: a, pull_policy: often}",
       "jobs:j:image:pull_policy pull policy should be one of: always, never, if-not-present"},
      {"script: [x], services: redis", "jobs:j:services config should be a array"},
      {"script: [x], artifacts: [a]", "jobs:j:artifacts config should be a hash"},
      {"script: [x], artifacts: {path: [a]}",
       "jobs:j:artifacts config contains unknown keys: path, did you mean 'paths'?"},
      {"script: [x], artifacts: {paths: [a], expire_in: soon}",
       "jobs:j:artifacts expire in should be a duration"},
      {"script: [x], artifacts: {reports: {junitt: a}}",
       "jobs:j:artifacts:reports config contains unknown keys: junitt, did you mean 'junit'?"},
      {"script: [x], cache: {key: a/b}",
       "jobs:j:cache:key config should not contain '/' and should not be only '.' or '..'"},
      {"script: [x], cache: {key: '%2E%2e'}",
       "jobs:j:cache:key config should not contain '/' and should not be only '.' or '..'"},
      {"script: [x], cache: [{}, {}, {}, {}, {}]",
       "jobs:j:cache no more than 4 caches can be created"},
      {"script: [x], cache: {policy: both}",
       "jobs:j:cache policy should be one of: pull-push, pull, push"},
      {"script: [x], cache: {key: {files: [a, b, c]}}",
       "jobs:j:cache:key:files config has too many items (maximum is 2)"},
      {"script: [x], cache: {key: {files_commits: [a]}}",
       "keyword 'cache:key:files_commits' is not supported yet"},
      {"script: [x], variables: [A]",
       "jobs:j:variables config should be a hash of key value pairs, value can be a hash"},
      {"script: [x], variables: {A: ~}",
       "jobs:j:variables config should be a hash of key value pairs, value can be a hash"},
      {"script: [x], variables: {A: {value: b, description: c}}",
       "jobs:j:variables:A config contains unknown keys: description"},
      {"script: [x], coverage: all", "jobs:j:coverage config must be a regular expression"},
      {"script: [x], environment: {url: a}", "jobs:j:environment name can't be blank"},
      {"script: [x], environment: 'a?'", "jobs:j:environment name can contain only letters"},
      {"script: [x], environment: {name: a, on_stop: none}",
       "j job: on_stop job none is not defined"},
      {"script: [x], release: v1", "jobs:j:release config should be a hash"},
      {"script: [x], release: {tag_name: a}", "jobs:j:release description can't be blank"},
      {"script: [x], release: {description: a, tag_name: ''}",
       "jobs:j:release tag name can't be blank"},
      {"script: [x], release: {tag_name: 1, description: a}",
       "jobs:j:release:tag_name config should be a string"},
      {"script: [x], release: {tag_name: a, description: b, ref: [c]}",
       "jobs:j:release:ref config should be a string"},
      {"script: [x], release: {tag_name: a, description: b, refs: c}",
       "jobs:j:release config contains unknown keys: refs, did you mean 'ref'?"},
      {"script: [x], release: {tag_name: a, description: b, assets: {}}",
       "jobs:j:release:assets links can't be blank"},
      {"script: [x], release: {tag_name: a, description: b, assets: {links: a}}",
       "jobs:j:release:assets links should be an array of hashes"},
      {"script: [x], release: {tag_name: a, description: b, assets: {links: [{name: n}]}}",
       "jobs:j:release:assets:link url can't be blank"},
      {"script: [x], release: {tag_name: a, description: b, assets: {links: [{name: n, url: u, link_type: x}]}}",
       "jobs:j:release:assets:link link type should be one of: other, runbook, image, package"},
      {"script: [x], tags: one", "jobs:j:tags config should be an array of strings"},
      {"script: [x], inherit: all", "jobs:j:inherit config should be a hash"},
      {"script: [x], interruptible: often",
       "jobs:j:interruptible config should be a boolean value"},
      {"script: [x], type: test", "jobs:j config contains unknown keys: type"},
      {"script: [x], variables: {A: $B, B: $A}",
       "j: circular variable reference detected: [\"A\", \"B\"]"},
  };
  for (row const& r : rows) {
    CAPTURE(r.keys);
    std::string const got = errors_of(fmt::format("j: {{{}}}\n", r.keys));
    CAPTURE(got);
    CHECK(got.find(r.error) != std::string::npos);
    CHECK(std::ranges::count(got, '\n') == 1);
  }
}

TEST_CASE("top-level mistakes are explained", "[pipeline][job]") {
  struct row {
    char const* text;
    char const* error;
  };
  constexpr row rows[]{
      {"", "1:1: Invalid configuration format: the file is empty"},
      {"[a]", "1:1: Invalid configuration format: the root should be a mapping"},
      {"stagse: [a]\nj: {script: [x]}",
       "1:1: jobs:stagse config should implement the script:, run:, or trigger: keyword, did you mean "
       "the keyword 'stages'?"},
      {".h: {script: [x]}", "1:1: jobs config should contain at least one visible job"},
      {"j: {image: a}",
       "1:1: jobs:j config should implement the script:, run:, or trigger: keyword"},
      {"true: {script: [x]}", "1:1: jobs:true config name is not usable as a job name"},
      {"variables: {A: {value: c, options: [a, b]}}\nj: {script: [x]}",
       "1:36: variables:A config value must be present in options"},
      {"default: {script: [x]}\nj: {script: [x]}",
       "1:11: default config contains unknown keys: script"},
      {"workflow: {rules: [{when: manual}]}\nj: {script: [x]}",
       "1:27: workflow:rules:rule when should be one of: always, never"},
      {"a: 1\n---\nb: 1\n---\nc: 1\n",
       "5:1: a configuration file may hold two documents, a `spec` header and the content"},
  };
  for (row const& r : rows) {
    CAPTURE(r.text);
    CHECK(errors_of(r.text) == fmt::format(".gitlab-ci.yml:{}\n", r.error));
  }
}

TEST_CASE("globs of rules match as Ruby's fnmatch does", "[pipeline][glob]") {
  struct row {
    char const* pattern;
    char const* path;
    bool matches;
  };
  constexpr row rows[]{
      {"a.txt", "a.txt", true},
      {"a.txt", "xa.txt", false},
      {"*", "a", true},
      {"*", "a/b", false},
      {"*", ".hidden", true},
      {"**/*", "a/b/c", true},
      {"**/*", "a", true},
      {"**/*.md", ".x/a.md", true},
      {"a/**/b", "a/b", true},
      {"a/**/b", "a/x/y/b", true},
      {"a/**/b", "a/xb", false},
      {"a/**", "a/b", true},
      {"a/**", "a/b/c", false},
      {"x**/b", "xy/b", true},
      {"x**/b", "xy/z/b", false},
      {"?.c", "a.c", true},
      {"?", "/", false},
      {"[a-c].c", "b.c", true},
      {"[^a-c].c", "b.c", false},
      {"[^a-c].c", "d.c", true},
      {"a[^x]b", "a/b", false},
      {"{a,b}.c", "b.c", true},
      {"{a,b}.c", "c.c", false},
      {"{a,{b,c}d}", "cd", true},
      {"{src,**/lib}/x", "a/lib/x", true},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"a.c", "abc", false},
      {"A", "a", false},
      {"", "", true},
      {"*.{h,cpp}", "x.cpp", true},
      {"a,b", "a,b", true},
      {"a+(b)", "a+(b)", true},
  };
  for (row const& r : rows) {
    CAPTURE(r.pattern, r.path);
    CHECK(glob(r.pattern).matches(r.path) == r.matches);
  }
}

}  // namespace
}  // namespace corunner::pipeline
