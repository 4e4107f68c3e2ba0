#include "runner/command/runners/answer_view.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

std::vector<boost::json::value> items(std::initializer_list<char const*> texts) {
  std::vector<boost::json::value> out;
  for (auto const* text : texts) out.push_back(boost::json::parse(text));
  return out;
}

}  // namespace

TEST_CASE("runners are a table of what tells them apart", "[command][runners]") {
  auto const list = items({
      R"({"id":6,"runner_type":"instance_type","status":"online","paused":false,"job_execution_status":"active","created_at":"2026-01-02T03:04:05.678Z","description":"docker \u001b[31m"})",
      R"({"id":1234,"runner_type":"project_type","status":"paused","paused":true,"job_execution_status":"idle","created_at":"2026-01-02T03:04:05.678Z","description":null})",
      R"({"id":7,"runner_type":"group_type","status":"never_contacted","paused":true})",
  });
  CHECK(list_text(view::runners, list, terminal(), 0) ==
        "id    type      status                   jobs    created     description\n"
        "6     instance  online                   active  2026-01-02  docker ?[31m\n"
        "1234  project   paused                   idle    2026-01-02\n"
        "7     group     never contacted, paused\n");
  CHECK(list_text(view::runners, {}, terminal(), 0).empty());
}

TEST_CASE("what a server leaves out or sends otherwise leaves a cell empty", "[command][runners]") {
  CHECK(list_text(view::jobs, items({"{}", "3", R"({"id":1,"duration":"x","project":[]})"}),
                  terminal(), 0) == "id  status  took  project  ref  job\n\n\n1\n");
}

TEST_CASE("jobs show project, branch and how long they took", "[command][runners]") {
  CHECK(
      list_text(
          view::jobs,
          items(
              {R"({"id":9,"status":"success","duration":75.5,"ref":"main","name":"test","project":{"path_with_namespace":"g/p"}})",
               R"({"id":8,"status":"failed","duration":3725,"ref":"main","name":"build","project":{"path_with_namespace":"g/p"}})",
               R"({"id":7,"status":"running","duration":null,"ref":"v1","name":"x"})"}),
          terminal(), 0) ==
      "id  status   took        project  ref   job\n"
      "9   success  1 min 15 s  g/p      main  test\n"
      "8   failed   1 h 02 min  g/p      main  build\n"
      "7   running                       v1    x\n");
}

TEST_CASE("a machine's row of managers fits a terminal of 80 columns", "[command][runners]") {
  auto const text = list_text(
      view::managers,
      items(
          {R"({"id":12345,"system_id":"s_0123456789ab","status":"never_contacted","job_execution_status":"idle","version":"19.4.0","platform":"linux","architecture":"amd64","contacted_at":"2026-01-02T03:04:05.678Z"})"}),
      terminal(), 80);
  for (std::size_t at = 0; at < text.size();) {
    auto const end = text.find('\n', at);
    CHECK(end - at <= 80);  // no wide characters here
    at = end + 1;
  }
  CHECK(text.find("2026-01-02 03:04") != std::string::npos);
}

TEST_CASE("one runner is shown line by line, without what is not known", "[command][runners]") {
  auto const runner = boost::json::parse(
      R"({"id":6,"description":"d","runner_type":"project_type","status":"offline","paused":false,"tag_list":["a","b c"],"run_untagged":false,"locked":true,"access_level":"ref_protected","maximum_timeout":5400,"maintenance_note":null,"version":null,"created_by":{"username":"root"},"projects":[{"id":1,"path_with_namespace":"g/p"},{"id":2,"path_with_namespace":"g/q"}]})");
  CHECK(runner_text(runner.as_object(), terminal(), 0) ==
        "id                6\n"
        "description       d\n"
        "type              project\n"
        "status            offline\n"
        "tags              a, b c\n"
        "untagged jobs     no\n"
        "locked            yes\n"
        "access level      ref protected\n"
        "maximum timeout   1 h 30 min\n"
        "created by        root\n"
        "projects          g/p (1), g/q (2)\n");
  CHECK(runner_in_short(runner.as_object()) == "6 (d, project, offline)");
}

TEST_CASE("a token that was verified says whose it is and how long it lives",
          "[command][runners]") {
  auto const text = [](char const* answer) {
    return verified_text(boost::json::parse(answer).as_object());
  };
  CHECK(text(R"({"id":6,"token":"glrt-hidden","token_expires_at":null})") ==
        "the token is that of runner 6, it does not expire");
  CHECK(text(R"({"id":6,"token_expires_at":"2026-02-03T04:05:06.000Z"})") ==
        "the token is that of runner 6, it expires 2026-02-03 04:05 UTC");
}
