#include "runner/pipeline/keywords.hpp"

#include "support.hpp"
#include "test/support/tsv.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <set>

namespace corunner::pipeline {
namespace {

using namespace test;

TEST_CASE("the table of keywords is the list of all GitLab keywords", "[pipeline][keywords]") {
  std::set<std::string> listed;
  for (auto const& row : corunner::test::read_tsv("parity/ci-keywords.tsv")) {
    listed.insert(row.at(0));
  }
  std::set<std::string> ours;
  for (keyword const& k : all_keywords()) CHECK(ours.insert(std::string(k.name)).second);
  CHECK(ours == listed);
}

TEST_CASE("a keyword that is refused or outside has a reason, others have none",
          "[pipeline][keywords]") {
  for (keyword const& k : all_keywords()) {
    CAPTURE(k.name);
    bool const explained =
        k.status == keyword_status::refused || k.status == keyword_status::outside;
    CHECK(explained != k.reason.empty());
  }
}

// A configuration that uses the keyword of each row, and for refused ones the name in the message.
struct example {
  std::string_view keyword;
  std::string_view text;
  std::string_view refused_as = {};
};

constexpr example examples[]{
    {"stages", "stages: [one, [two]]\nj: {stage: two, script: [x]}"},
    {"default", "default: {image: a, retry: 1}\nj: {script: [x]}"},
    {"image/services/cache/before_script/after_script (top level)",
     "image: a\nservices: [b]\ncache: {paths: [c]}\nbefore_script: [d]\nafter_script: [e]\nj: {script: [x]}"},
    {"variables (global)",
     "variables: {A: 1, B: {value: x, description: d, options: [x, y], expand: false}}\nj: {script: [x]}"},
    {"include:local", "include: [inc.yml, {local: '*.yml'}]\nj: {script: [x]}"},
    {"include:project", "include: {project: g/p, file: f.yml}\nj: {script: [x]}",
     "include:project"},
    {"include:remote", "include: {remote: 'https://x/y.yml'}\nj: {script: [x]}", "include:remote"},
    {"include:template", "include: {template: T.yml}\nj: {script: [x]}", "include:template"},
    {"include:component", "include: {component: h/p/c@1}\nj: {script: [x]}", "include:component"},
    {"include:rules", "include: {local: inc.yml, rules: [{if: $CI}]}\nj: {script: [x]}"},
    {"include:inputs", "include: {local: inc.yml, inputs: {a: b}}\nj: {script: [x]}",
     "include:inputs"},
    {"spec:inputs", "spec: {inputs: {a: ~}}\n---\nj: {script: [x]}", "spec:inputs"},
    {"spec:component", "spec: {component: [name]}\n---\nj: {script: [x]}", "spec:component"},
    {"spec:include", "spec: {include: [x]}\n---\nj: {script: [x]}", "spec:include"},
    {"$[[ inputs.x | fn ]]",
     "spec: {inputs: {a: {default: b}}}\n---\nj: {script: ['$[[ inputs.a ]]']}", "spec:inputs"},
    {"workflow:rules", "workflow: {rules: [{if: $CI, variables: {A: b}}]}\nj: {script: [x]}"},
    {"workflow:name", "workflow: {name: $CI_PROJECT_NAME}\nj: {script: [x]}"},
    {"workflow:auto_cancel",
     "workflow: {auto_cancel: {on_job_failure: all, on_new_commit: none}}\nj: {script: [x]}"},
    {"extends", ".a: {script: [x]}\nj: {extends: .a}"},
    {"!reference", ".a: {script: [x]}\nj: {script: !reference [.a, script]}"},
    {"anchors/aliases/<<", ".a: &a {script: [x]}\nj: {<<: *a}"},
    {"inherit", "j: {script: [x], inherit: {default: [image], variables: false}}"},
    {"hidden jobs (.name)", ".h: [anything]\nj: {script: [x]}"},
    {"stage", "j: {stage: build, script: [x]}"},
    {"script", "j: {script: [x, [y]]}"},
    {"before_script", "j: {before_script: x, script: [x]}"},
    {"after_script", "j: {after_script: [[x]], script: [x]}"},
    {"hooks", "j: {hooks: {pre_get_sources_script: [x]}, script: [x]}"},
    {"run", "j: {run: [{name: a, script: b}]}", "run"},
    {"trigger:include (child pipeline)", "j: {trigger: {include: c.yml}}", "trigger"},
    {"trigger:project (multi-project)", "j: {trigger: g/p}", "trigger"},
    {"trigger:strategy", "j: {trigger: {include: c.yml, strategy: depend}}", "trigger"},
    {"trigger:forward", "j: {trigger: {include: c.yml, forward: {yaml_variables: true}}}",
     "trigger"},
    {"rules:if", "j: {script: [x], rules: [{if: '$CI =~ /true/'}]}"},
    {"rules:changes", "j: {script: [x], rules: [{changes: [a]}]}"},
    {"rules:exists", "j: {script: [x], rules: [{exists: [inc.yml]}]}"},
    {"rules:when", "j: {script: [x], rules: [{when: always}]}"},
    {"rules:start_in", "j: {script: [x], rules: [{when: delayed, start_in: 1 min}]}"},
    {"rules:allow_failure", "j: {script: [x], rules: [{allow_failure: true}]}"},
    {"rules:variables", "j: {script: [x], rules: [{variables: {A: 1}}]}"},
    {"rules:needs", "k: {script: [x]}\nj: {script: [x], rules: [{needs: [k]}]}"},
    {"rules:interruptible", "j: {script: [x], rules: [{interruptible: true}]}"},
    {"only / except", "j: {script: [x], only: [branches], except: {refs: [tags]}}"},
    {"when", "j: {script: [x], when: always}"},
    {"start_in", "j: {script: [x], when: delayed, start_in: 5 seconds}"},
    {"manual_confirmation", "j: {script: [x], when: manual, manual_confirmation: sure?}"},
    {"allow_failure", "j: {script: [x], allow_failure: {exit_codes: [1]}}"},
    {"retry", "j: {script: [x], retry: {max: 2, when: [always], exit_codes: 3}}"},
    {"timeout", "j: {script: [x], timeout: 1h 30m}"},
    {"interruptible", "j: {script: [x], interruptible: true}"},
    {"parallel", "j: {script: [x], parallel: 2}"},
    {"parallel:matrix", "j: {script: [x], parallel: {matrix: [{A: [1, 2]}]}}"},
    {"needs",
     "k: {script: [x]}\nj: {script: [x], needs: [{job: k, artifacts: false, optional: true}]}"},
    {"needs:parallel:matrix",
     "k: {script: [x], parallel: {matrix: [{A: [1]}]}}\n"
     "j: {script: [x], needs: [{job: k, parallel: {matrix: [{A: 1}]}}]}",
     "needs:parallel"},
    {"needs:pipeline:job", "j: {script: [x], needs: [{pipeline: $P, job: k}]}", "needs:pipeline"},
    {"needs:pipeline (mirror)", "j: {script: [x], needs: [{pipeline: g/p}]}", "needs:pipeline"},
    {"needs:project", "j: {script: [x], needs: [{project: g/p, job: k, ref: m}]}", "needs:project"},
    {"dependencies", "k: {stage: build, script: [x]}\nj: {script: [x], dependencies: [k]}"},
    {"artifacts:paths/exclude/name/untracked",
     "j: {script: [x], artifacts: {paths: [a], exclude: [b], name: c, untracked: true}}"},
    {"artifacts:when", "j: {script: [x], artifacts: {paths: [a], when: on_failure}}"},
    {"artifacts:expire_in", "j: {script: [x], artifacts: {paths: [a], expire_in: 1 week}}"},
    {"artifacts:expose_as", "j: {script: [x], artifacts: {paths: [a], expose_as: A}}"},
    {"artifacts:public / artifacts:access",
     "j: {script: [x], artifacts: {paths: [a], access: none}}"},
    {"artifacts:reports:dotenv", "j: {script: [x], artifacts: {reports: {dotenv: a.env}}}"},
    {"artifacts:reports:junit", "j: {script: [x], artifacts: {reports: {junit: [a.xml]}}}"},
    {"artifacts:reports:coverage_report",
     "j: {script: [x], artifacts: {reports: {coverage_report: {coverage_format: jacoco, path: a}}}}"},
    {"artifacts:reports (others)", "j: {script: [x], artifacts: {reports: {sast: a.json}}}"},
    {"cache", "j: {script: [x], cache: [{paths: [a]}, {paths: [b]}]}"},
    {"cache:key", "j: {script: [x], cache: {key: {files: [inc.yml], prefix: p}, paths: [a]}}"},
    {"cache:paths/untracked/when",
     "j: {script: [x], cache: {paths: [a], untracked: true, when: always}}"},
    {"cache:policy", "j: {script: [x], cache: {paths: [a], policy: pull}}"},
    {"cache:unprotect", "j: {script: [x], cache: {paths: [a], unprotect: true}}"},
    {"cache:fallback_keys", "j: {script: [x], cache: {paths: [a], fallback_keys: [b]}}"},
    {"image",
     "j: {script: [x], image: {name: a, entrypoint: [], pull_policy: always, docker: {user: u, platform: "
     "p}, kubernetes: {user: 1}}}"},
    {"services",
     "j: {script: [x], services: [a, {name: b, alias: c, command: [d], variables: {E: f}}]}"},
    {"tags", "j: {script: [x], tags: [a, $CI_PROJECT_NAME]}"},
    {"environment",
     "j: {script: [x], environment: {name: prod, url: u, action: start, deployment_tier: production}}"},
    {"environment:kubernetes", "j: {script: [x], environment: {name: p, kubernetes: {agent: a}}}",
     "environment:kubernetes"},
    {"resource_group", "j: {script: [x], resource_group: r}"},
    {"release",
     "j: {script: [x], release: {tag_name: a, description: b, milestones: [m], "
     "assets: {links: [{name: n, url: u, link_type: image}]}}}"},
    {"pages", "j: {script: [x], pages: true}", "pages"},
    {"publish", "j: {script: [x], publish: dir}", "publish"},
    {"id_tokens", "j: {script: [x], id_tokens: {T: {aud: a}}}", "id_tokens"},
    {"secrets", "j: {script: [x], secrets: {S: {vault: a}}}", "secrets"},
    {"identity", "j: {script: [x], identity: google_cloud}", "identity"},
    {"inputs (job)", "j: {script: [x], inputs: {a: {default: b}}}", "inputs"},
    {"coverage", "j: {script: [x], coverage: '/\\d+%/'}"},
    {"dast_configuration", "j: {script: [x], dast_configuration: {site_profile: a}}",
     "dast_configuration"},
    {"variables (job)", "j: {script: [x], variables: {A: {value: b, expand: false}}}"},
};

TEST_CASE("what the table says of a keyword is what happens to it", "[pipeline][keywords]") {
  std::map<std::string_view, example const*> by_name;
  for (example const& e : examples) by_name[e.keyword] = &e;
  memory_files files({{"inc.yml", "included: {script: [x]}"}});
  for (keyword const& k : all_keywords()) {
    if (k.status == keyword_status::outside) continue;
    CAPTURE(k.name);
    REQUIRE(by_name.contains(k.name));
    example const& e = *by_name[k.name];
    evaluation const result = evaluate(e.text, files, branch_source());
    std::string const errors = to_string(result.errors);
    CAPTURE(errors);
    if (k.status == keyword_status::refused) {
      std::string const message =
          "keyword '" + std::string(e.refused_as) + "' is not supported yet";
      CHECK(errors.find(message) != std::string::npos);
    } else {
      CHECK(result.outcome == verdict::planned);
    }
  }
}

TEST_CASE("the nearest name is offered when it is near", "[pipeline][keywords]") {
  CHECK(nearest_name("scirpt", job_keys()) == "script");
  CHECK(nearest_name("afterscript", job_keys()) == "after_script");
  CHECK(nearest_name("artefacts", job_keys()) == "artifacts");
  CHECK(nearest_name("frobnicate", job_keys()).empty());
  CHECK(nearest_name("x", job_keys()).empty());
}

}  // namespace
}  // namespace corunner::pipeline
