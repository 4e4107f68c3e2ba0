#include "runner/pipeline/processing.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::pipeline {
namespace {

using enum job_status;
using members = std::vector<composite_member>;
using list = std::vector<std::string>;

constexpr composite_member allowed_failure{failed, true};
constexpr composite_member allowed_cancel{canceled, true};
constexpr composite_member optional_manual{manual, true};

TEST_CASE("statuses go to text and back", "[pipeline][processing]") {
  for (job_status const s :
       {created, waiting_for_resource, preparing, waiting_for_callback, pending, running, success,
        failed, canceling, canceled, skipped, manual, scheduled}) {
    CHECK(job_status_from(to_string(s)) == s);
  }
  CHECK_FALSE(job_status_from("done"));
}

TEST_CASE("the composite status follows GitLab's table", "[pipeline][processing]") {
  struct row {
    int number;  // of the table in the specification
    members of;
    bool dag;
    job_status result;
  };
  std::vector<row> const rows{
      {1, {{success}, {skipped}}, true, skipped},
      {1, {{success}, optional_manual}, true, skipped},
      {1, {{running}, {skipped}}, true, skipped},
      {2, {{success}, {running}}, true, pending},
      {2, {{success}, {manual}}, true, pending},
      {2, {{created}}, true, pending},
      {2, {{success}, {canceling}}, true, pending},
      {3, {{skipped}, optional_manual}, false, skipped},
      {3, {optional_manual}, false, skipped},
      {4, {{success}, {skipped}, allowed_failure, optional_manual}, false, success},
      {4, {allowed_failure}, false, success},
      {4, {allowed_cancel}, true, success},
      {5, {{created}, allowed_failure}, false, created},
      {5, {{created}, optional_manual}, false, created},
      {6, {{preparing}, optional_manual}, false, preparing},
      {7, {{canceled}, {success}, {skipped}}, false, canceled},
      {7, {{canceled}, {success}}, true, canceled},
      {8, {{pending}, {created}, {skipped}}, false, pending},
      {8, {{pending}, optional_manual}, false, pending},
      {9, {{pending}, {success}}, false, running},
      {9, {{running}, {failed}}, false, running},
      {9, {{running}, {manual}}, false, running},
      {10, {{waiting_for_resource}, {success}, {manual}}, false, waiting_for_resource},
      {11, {{waiting_for_callback}, {success}}, false, waiting_for_callback},
      {12, {{manual}, {success}, {created}}, false, manual},
      {12, {{manual}, {failed}}, false, manual},
      {12, {{manual}}, false, manual},
      {13, {{scheduled}, {created}}, false, scheduled},
      {14, {{preparing}, {created}}, false, preparing},
      {15, {{created}, {success}}, false, running},
      {15, {{created}, {failed}}, false, running},
      {16, {{canceling}, {success}}, false, canceling},
      {17, {{failed}, {success}}, false, failed},
      {17, {{failed}, {canceled}, {skipped}}, false, failed},
      {17, {{failed}, {success}}, true, failed},
      {0, {}, true, success},
  };
  for (row const& r : rows) {
    CAPTURE(r.number, r.of.size(), r.dag);
    CHECK(to_string(composite_status(r.of, r.dag)) == to_string(r.result));
  }
}

job_state job(std::string name, std::size_t stage, job_status status = created,
              job_when when = job_when::on_success) {
  job_state out;
  out.name = std::move(name);
  out.stage = stage;
  out.when = when;
  out.status = status;
  return out;
}

job_state dag_job(std::string name, std::size_t stage, list needs,
                  job_when when = job_when::on_success) {
  job_state out = job(std::move(name), stage, created, when);
  out.needs = std::move(needs);
  return out;
}

// `name:status` of every transition.
list advanced(std::vector<job_state>& jobs) {
  list out;
  for (transition const& t : advance(jobs)) {
    out.push_back(jobs[t.job].name + ":" + std::string(to_string(t.to)));
  }
  return out;
}

TEST_CASE("a stage begins when all earlier ones are done", "[pipeline][processing]") {
  std::vector<job_state> jobs{job("a", 1), job("b", 1), job("c", 2)};
  CHECK(advanced(jobs) == list{"a:pending", "b:pending"});
  jobs[0].status = success;
  CHECK(advanced(jobs).empty());
  jobs[1].status = success;
  CHECK(advanced(jobs) == list{"c:pending"});
  CHECK(advanced(jobs).empty());
}

TEST_CASE("what runs after an outcome depends on when", "[pipeline][processing]") {
  struct row {
    job_when when;
    composite_member before;
    bool dag;
    job_status result;
  };
  std::vector<row> const rows{
      {job_when::on_success, {success}, false, pending},
      {job_when::on_success, {skipped}, false, pending},
      {job_when::on_success, {failed}, false, skipped},
      {job_when::on_success, {canceled}, false, skipped},
      {job_when::on_success, allowed_failure, false, pending},
      {job_when::on_success, optional_manual, false, pending},
      {job_when::on_success, {manual}, false, created},
      {job_when::on_success, {success}, true, pending},
      {job_when::on_success, {skipped}, true, skipped},
      {job_when::on_success, optional_manual, true, skipped},
      {job_when::on_success, allowed_failure, true, pending},
      {job_when::on_success, {manual}, true, created},
      {job_when::on_failure, {failed}, false, pending},
      {job_when::on_failure, {failed}, true, pending},
      {job_when::on_failure, {success}, false, skipped},
      {job_when::on_failure, allowed_failure, false, skipped},
      {job_when::on_failure, {canceled}, false, skipped},
      {job_when::always, {success}, false, pending},
      {job_when::always, {failed}, true, pending},
      {job_when::always, {skipped}, true, pending},
      {job_when::always, {canceled}, false, skipped},
      {job_when::always, {running}, false, created},
      {job_when::manual, {success}, false, manual},
      {job_when::manual, {failed}, false, skipped},
      {job_when::delayed, {success}, false, scheduled},
      {job_when::delayed, {skipped}, true, skipped},
  };
  for (row const& r : rows) {
    CAPTURE(to_string(r.when), to_string(r.before.status), r.before.allow_failure, r.dag);
    job_state before = job("before", 1, r.before.status);
    before.allow_failure = r.before.allow_failure;
    job_state after =
        r.dag ? dag_job("after", 2, {"before"}, r.when) : job("after", 2, created, r.when);
    std::vector<job_state> jobs{before, after};
    advance(jobs);
    CHECK(to_string(jobs[1].status) == to_string(r.result));
  }
}

TEST_CASE("a DAG job waits for its needs only, and without needs starts at once",
          "[pipeline][processing]") {
  std::vector<job_state> jobs{job("slow", 1, running), job("quick", 1, success),
                              dag_job("after-quick", 2, {"quick"}), dag_job("free", 3, {}),
                              job("last", 4)};
  CHECK(advanced(jobs) == list{"after-quick:pending", "free:pending"});
}

TEST_CASE("skipping goes on through the pipeline in one step", "[pipeline][processing]") {
  std::vector<job_state> jobs{dag_job("third", 2, {"second"}), dag_job("second", 2, {"first"}),
                              job("first", 1, failed),
                              job("rescue", 3, created, job_when::on_failure), job("next", 3)};
  CHECK(advanced(jobs) ==
        list{"second:skipped", "third:skipped", "rescue:pending", "next:skipped"});
}

TEST_CASE("a retried row does not count, the new one of its name does", "[pipeline][processing]") {
  std::vector<job_state> jobs{job("flaky", 1, failed), job("flaky", 1, running),
                              dag_job("after", 1, {"flaky"}), job("next", 2)};
  jobs[0].retried = true;
  CHECK(advanced(jobs).empty());
  CHECK(pipeline_status(jobs) == running);
  jobs[1].status = success;
  CHECK(advanced(jobs) == list{"after:pending"});
}

TEST_CASE("a job with a resource group waits for the resource first", "[pipeline][processing]") {
  std::vector<job_state> jobs{job("deploy", 1)};
  jobs[0].resource_group = true;
  CHECK(advanced(jobs) == list{"deploy:waiting_for_resource"});
}

TEST_CASE("a blocking manual job stops later stages until it is played", "[pipeline][processing]") {
  std::vector<job_state> jobs{job("gate", 1, created, job_when::manual), job("after", 2)};
  CHECK(advanced(jobs) == list{"gate:manual"});
  CHECK(pipeline_status(jobs) == manual);
  jobs[0].status = success;
  CHECK(advanced(jobs) == list{"after:pending"});
}

TEST_CASE("rows are made from jobs of a plan", "[pipeline][processing]") {
  job_definition definition;
  definition.name = "x";
  definition.stage = "test";
  definition.needs = {{{"a", true}, {"b", false}}};
  definition.resource_group = "r";
  list const stages{".pre", "build", "test", ".post"};
  job_state const state = make_state(definition, stages);
  CHECK(state.stage == 2);
  CHECK(state.needs == list{"a", "b"});
  CHECK(state.resource_group);
}

TEST_CASE("the pipeline's status gives the exit code", "[pipeline][processing]") {
  CHECK(exit_code(success) == 0);
  CHECK(exit_code(skipped) == 0);
  CHECK(exit_code(manual) == 0);
  CHECK(exit_code(failed) == 1);
  CHECK(exit_code(canceled) == 130);
  CHECK_FALSE(exit_code(running));
  CHECK_FALSE(exit_code(created));
  CHECK(pipeline_status({}) == created);
}

TEST_CASE("retry looks at reason, exit code and earlier attempts", "[pipeline][processing]") {
  struct row {
    retry_policy policy;
    char const* reason;
    std::optional<int> code;
    int earlier;
    bool again;
  };
  retry_policy const none;
  retry_policy const zero{0, true, {"always"}, {}};
  retry_policy const twice{2, true, {"always"}, {}};
  retry_policy const system{1, true, {"runner_system_failure"}, {}};
  retry_policy const stuck{1, true, {"stuck_or_timeout_failure", "job_execution_timeout"}, {}};
  retry_policy const by_code{2, true, {}, {137, 42}};
  retry_policy const both{2, true, {"api_failure"}, {137}};
  std::vector<row> const rows{
      {none, "script_failure", 1, 0, false},
      {none, "scheduler_failure", {}, 1, true},
      {none, "scheduler_failure", {}, 2, false},
      {zero, "script_failure", 1, 0, false},
      {zero, "scheduler_failure", {}, 0, false},
      {twice, "script_failure", 1, 0, true},
      {twice, "script_failure", 1, 1, true},
      {twice, "script_failure", 1, 2, false},
      {twice, "missing_dependency_failure", {}, 0, false},
      {twice, "no_matching_runner", {}, 0, false},
      {system, "runner_system_failure", {}, 0, true},
      {system, "script_failure", 1, 0, false},
      {stuck, "no_updates_running", {}, 0, true},
      {stuck, "stuck_pending_no_matching_runners", {}, 0, true},
      {stuck, "server_timeout_canceling", {}, 0, true},
      {stuck, "api_failure", {}, 0, false},
      {by_code, "script_failure", 137, 0, true},
      {by_code, "script_failure", 1, 0, false},
      {by_code, "script_failure", {}, 0, false},
      {both, "api_failure", {}, 0, true},
      {both, "script_failure", 137, 1, true},
  };
  for (row const& r : rows) {
    CAPTURE(r.policy.max, r.policy.when, r.reason, r.earlier);
    CHECK(wants_retry(r.policy, r.reason, r.code, r.earlier) == r.again);
  }
}

TEST_CASE("listed exit codes decide whether a failure is allowed", "[pipeline][processing]") {
  job_definition plain;
  CHECK_FALSE(failure_allowed(plain, 1));
  plain.allow_failure = true;
  CHECK(failure_allowed(plain, 1));
  job_definition coded;
  coded.allow_failure_exit_codes = {3, 4};
  CHECK(failure_allowed(coded, 4));
  CHECK_FALSE(failure_allowed(coded, 1));
  CHECK_FALSE(failure_allowed(coded, std::nullopt));
}

}  // namespace
}  // namespace corunner::pipeline
