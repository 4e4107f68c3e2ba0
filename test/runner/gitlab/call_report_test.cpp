#include "test/runner/gitlab/api_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace std::chrono_literals;

namespace corunner::test {

namespace {

using gitlab::call_report;

struct reported : api_world {
  reported() {
    options.url = "http://gitlab.test";
    options.token = secret("glrt-abc");
    options.ended = [this](call_report const& what) { reports.push_back(what); };
  }
  std::vector<call_report> reports;
};

}  // namespace

TEST_CASE("a call is reported once, with its last status and all its attempts", "[gitlab][api]") {
  reported w;
  w.answers = {{.status = 503, .fields = {{"Retry-After", "2"}}}, {.status = 204}};
  auto client = w.client();
  w.ask(client.request_job({}));
  REQUIRE(w.reports.size() == 1);
  CHECK(w.reports[0].what == call_report::kind::request_job);
  CHECK(w.reports[0].status == 204);
  CHECK(w.reports[0].attempts == 2);
  CHECK(w.reports[0].took == 2s);
}

TEST_CASE("calls of a job are reported by their kind", "[gitlab][api]") {
  reported w;
  w.answers = {{.status = 200}, {.status = 202}};
  auto client = w.client();
  gitlab::job_key const job{7, secret("job")};
  w.ask(client.update_job(job, {}));
  gitlab::trace_patch patch;
  patch.bytes = "log";
  w.ask(client.patch_trace(job, std::move(patch)));
  REQUIRE(w.reports.size() == 2);
  CHECK(w.reports[0].what == call_report::kind::update_job);
  CHECK(w.reports[1].what == call_report::kind::patch_trace);
  CHECK(w.reports[1].status == 202);
}

TEST_CASE("a call without a usable answer has no status, one that was not sent is no call",
          "[gitlab][api]") {
  reported w;
  w.answers = {{.drop = true}, json_answer(201, "{\"id\":")};
  {
    auto client = w.client();
    w.ask(client.request_job({}));
    w.ask(client.request_job({}));
  }
  REQUIRE(w.reports.size() == 2);
  CHECK(w.reports[0].status == -1);
  CHECK(w.reports[1].status == -1);
  w.options.url = "ftp://gitlab.test";
  auto client = w.client();
  w.ask(client.request_job({}));
  CHECK(w.reports.size() == 2);
}

TEST_CASE("a call that was cancelled is not reported", "[gitlab][api]") {
  reported w;
  w.answers = {{.status = 503, .fields = {{"Retry-After", "60"}}}};
  auto client = w.client();
  {
    net::task_group calls(w.io.get_executor());
    calls.spawn([](gitlab::api_client& with) -> awaitable<void> {
      co_await with.request_job({});
    }(client));
    settle(w.io);
    REQUIRE(w.seen.size() == 1);
    calls.cancel();
    run_to_end(w.io, calls.join());
  }
  CHECK(w.reports.empty());
}

}  // namespace corunner::test
