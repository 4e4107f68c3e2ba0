#include "test/runner/gitlab/api_world.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>


using namespace corunner;
using namespace corunner::gitlab;
using namespace std::chrono_literals;
using test::api_world;
using test::canned_answer;
using test::json_answer;

namespace {

job_key key() { return {7, secret("job-token")}; }

boost::json::object body_of(test::seen_request const& request) {
  return boost::json::parse(request.body).as_object();
}

canned_answer with(canned_answer answer, std::string name, std::string value) {
  answer.fields.add(name, value);
  return answer;
}

}  // namespace

TEST_CASE("the base of all calls keeps a sub-path and drops the legacy /ci", "[gitlab][api]") {
  auto const& [url, base] = GENERATE(table<std::string, std::string>({
      {"https://h", "https://h/api/v4/"},
      {"https://h///", "https://h/api/v4/"},
      {"http://h:8080/sub/", "http://h:8080/sub/api/v4/"},
      {"https://h/ci", "https://h/api/v4/"},
      {"https://h/sub/ci/", "https://h/sub/api/v4/"},
  }));
  CAPTURE(url);
  CHECK(api_base(url).value().to_string() == base);
  CHECK(api_base("ftp://h").has_error());
  CHECK(api_base("nonsense").has_error());
}

TEST_CASE("a poll says who asks and brings a job", "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {with(json_answer(201, R"({"id": 7, "token": "t", "extra": null})"),
                        "X-Request-Id", "server-id")};
  auto const answer = world.ask(client.request_job({}));
  CHECK(answer.what == poll_answer::kind::job);
  CHECK(answer.healthy());
  REQUIRE(answer.job);
  CHECK(answer.job->payload.id == 7);
  CHECK(answer.job->correlation_id == "server-id");
  CHECK(answer.job->ca_chain.empty());

  auto const& request = world.seen[0];
  CHECK(request.line == "POST /api/v4/jobs/request");
  CHECK(request.fields.get("Content-Type") == "application/json");
  CHECK(request.fields.get("Accept") == "application/json");
  CHECK(request.fields.get("RUNNER-TOKEN") == "glrt-runner-token");
  CHECK(request.fields.get("User-Agent") == "tests");
  CHECK(request.fields.get("X-Request-Id").size() == 32);
  CHECK(request.fields.get("X-Request-Id")[12] == '4');
  auto const body = body_of(request);
  CHECK(body.at("token") == "glrt-runner-token");
  CHECK(body.at("system_id") == "s_0123456789ab");
  CHECK(body.at("info").at("executor") == "shell");
  CHECK_FALSE(body.contains("last_update"));
  CHECK_FALSE(body.contains("session"));
}

TEST_CASE("a session is offered when there is one", "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {canned_answer{204}};
  poll_request how;
  how.session = session_offer{"https://s", "PEM", secret("proof")};
  world.ask(client.request_job(how));
  auto const session = body_of(world.seen[0]).at("session").as_object();
  CHECK(session.at("url") == "https://s");
  CHECK(session.at("certificate") == "PEM");
  CHECK(session.at("authorization") == "proof");
}

TEST_CASE("last_update is remembered until another comes, and sent when the poll may be held",
          "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {with(canned_answer{204}, "X-GitLab-Last-Update", "one"), canned_answer{204},
                   canned_answer{204}};
  auto const first = world.ask(client.request_job({}));
  CHECK(first.what == poll_answer::kind::none);
  CHECK(first.knows_last_update);
  CHECK_FALSE(first.held);
  auto const second = world.ask(client.request_job({}));
  CHECK(second.held);
  CHECK(second.knows_last_update);
  poll_request short_poll;
  short_poll.may_hold = false;
  auto const third = world.ask(client.request_job(short_poll));
  CHECK_FALSE(third.held);
  CHECK_FALSE(body_of(world.seen[0]).contains("last_update"));
  CHECK(body_of(world.seen[1]).at("last_update") == "one");
  CHECK_FALSE(body_of(world.seen[2]).contains("last_update"));
}

TEST_CASE("statuses of a poll", "[gitlab][api]") {
  using enum poll_answer::kind;
  struct row {
    canned_answer answer;
    poll_answer::kind what;
    bool healthy;
    std::string message;
  };
  std::string const call = "POST http://gitlab.test/api/v4/jobs/request: ";
  auto const& [answer, what, healthy, message] = GENERATE_COPY(values<row>({
      {{204}, none, true, ""},
      {json_answer(403, R"({"message": "403 Forbidden"})"), forbidden, false,
       call + "403 Forbidden"},
      {json_answer(403, R"({"message": "runner is paused"})"), forbidden, false,
       call + "403 Forbidden (runner is paused)"},
      {{409}, conflict, true, call + "409 Conflict"},
      {json_answer(422, R"({"message": {"base": ["a", "b"], "tag": ["c"]}})"), failed, true,
       call + "422 Unprocessable Entity (base: a; b, tag: c)"},
      {json_answer(400, "{}"), failed, true, call + "400 Bad Request ()"},
      {{413}, failed, true, ""},
      {{501}, failed, true, call + "501 Not Implemented"},
      {{.drop = true}, failed, true, ""},
      {{201, {{"Content-Type", "text/html"}}, "<html>"}, failed, true,
       call + "expected application/json, found 'text/html'"},
      {json_answer(201, "{"), failed, true, ""},
      {json_answer(201, "{}"), failed, true, "the job has no id or no token"},
      {json_answer(201, R"({"id": 7})"), failed, true, "the job has no id or no token"},
      {json_answer(201, R"({"id": 7, "token": "t", "allow_git_fetch": "yes"})"), broken_job, true,
       "allow_git_fetch: expected boolean, found string"},
  }));
  CAPTURE(answer.status, answer.body);
  api_world world;
  auto client = world.client();
  world.answers = {answer};
  auto const got = world.ask(client.request_job({}));
  CHECK(got.what == what);
  CHECK(got.healthy() == healthy);
  CHECK(got.job.has_value() == (what == broken_job));
  if (!message.empty()) CHECK(got.message == message);
  CHECK(got.message.empty() == (what == none));
  CHECK(got.message.find("glrt-") == std::string::npos);
}

TEST_CASE("an unusable url is a client error and sends nothing", "[gitlab][api]") {
  api_world world;
  world.options.url = "ftp://gitlab.test";
  auto client = world.client();
  auto const answer = world.ask(client.request_job({}));
  CHECK(answer.what == poll_answer::kind::client_error);
  CHECK_FALSE(answer.healthy());
  CHECK(answer.message.starts_with("cannot use url 'ftp://gitlab.test': "));
  CHECK(world.ask(client.update_job(key(), {})).what == update_answer::kind::aborted);
  CHECK(world.ask(client.patch_trace(key(), {0, "x", false})).what == patch_answer::kind::failed);
  CHECK(world.seen.empty());
}

TEST_CASE("an update carries state, output and what is set", "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {{200, {}, "200"}, {200, {}, "200"}};
  CHECK(world.ask(client.update_job(key(), {})).what == update_answer::kind::succeeded);
  job_update end;
  end.state = job_state::failed;
  end.reason = failure_reason::script_failure;
  end.checksum = "crc32:528def35";
  end.bytesize = 13;
  end.exit_code = -1;
  end.runtime_environment_key = "k";
  world.ask(client.update_job(key(), end));

  CHECK(world.seen[0].line == "PUT /api/v4/jobs/7");
  CHECK(world.seen[0].fields.get("JOB-TOKEN") == "job-token");
  CHECK_FALSE(world.seen[0].fields.contains("Accept"));
  auto const first = body_of(world.seen[0]);
  CHECK(first.size() == 4);
  CHECK(first.at("state") == "running");
  CHECK(first.at("token") == "job-token");
  CHECK(first.at("output").as_object().empty());
  CHECK(first.at("info").at("name") == "corunner");
  auto const last = body_of(world.seen[1]);
  CHECK(last.at("failure_reason") == "script_failure");
  CHECK(last.at("checksum") == "crc32:528def35");
  CHECK(last.at("output").at("checksum") == "crc32:528def35");
  CHECK(last.at("output").at("bytesize") == 13);
  CHECK(last.at("exit_code") == -1);
  CHECK(last.at("runtime_environment_key") == "k");
}

TEST_CASE("answers to an update", "[gitlab][api]") {
  using enum update_answer::kind;
  struct row {
    canned_answer answer;
    update_answer::kind what;
    bool canceling = false;
  };
  auto const& [answer, what, canceling] = GENERATE(values<row>({
      {{200}, succeeded},
      {{200, {{"Job-Status", "running"}}}, succeeded},
      {{200, {{"Job-Status", "canceling"}}}, succeeded, true},
      {{200, {{"Job-Status", "canceled"}}}, aborted},
      {{200, {{"Job-Status", "failed"}}}, aborted},
      {{202}, accepted},
      {{412}, log_wrong},
      {{403}, aborted},
      {{404}, aborted},
      {{400}, failed},
      {{409}, failed},
      {{204}, failed},
      {{.drop = true}, failed},
  }));
  CAPTURE(answer.status);
  api_world world;
  auto client = world.client();
  world.answers = {answer};
  auto const got = world.ask(client.update_job(key(), {}));
  CHECK(got.what == what);
  CHECK(got.certain == !answer.fields.get("Job-Status").empty());
  CHECK(got.signals.canceling == canceling);
  CHECK(got.message.empty() == (what == succeeded));
}

TEST_CASE("the server's trace interval counts when it is a positive number", "[gitlab][api]") {
  auto const& [text, interval] = GENERATE(table<std::string, std::optional<std::chrono::seconds>>({
      {"60", 60s}, {"3", 3s}, {"0", std::nullopt}, {"-1", std::nullopt}, {"soon", std::nullopt},
      {"3.5", std::nullopt},
  }));
  CAPTURE(text);
  api_world world;
  auto client = world.client();
  world.answers = {{202, {{"X-GitLab-Trace-Update-Interval", text}}},
                   {200, {{"X-GitLab-Trace-Update-Interval", text}}}};
  CHECK(world.ask(client.patch_trace(key(), {0, "x", false})).signals.trace_interval == interval);
  CHECK(world.ask(client.update_job(key(), {})).signals.trace_interval == interval);
}

TEST_CASE("a patch is plain bytes with their place", "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {{202}, {202}};
  CHECK(world.ask(client.patch_trace(key(), {5, "hello\n", false})).what ==
        patch_answer::kind::stored);
  world.ask(client.patch_trace(key(), {0, std::string(1, '\0'), true}));
  CHECK(world.ask(client.patch_trace(key(), {11, "", false})).what == patch_answer::kind::stored);
  REQUIRE(world.seen.size() == 2);
  CHECK(world.seen[0].line == "PATCH /api/v4/jobs/7/trace?debug_trace=false");
  CHECK(world.seen[0].fields.get("Content-Range") == "5-10");
  CHECK(world.seen[0].fields.get("Content-Type") == "text/plain");
  CHECK(world.seen[0].fields.get("JOB-TOKEN") == "job-token");
  CHECK(world.seen[0].body == "hello\n");
  CHECK(world.seen[1].line == "PATCH /api/v4/jobs/7/trace?debug_trace=true");
  CHECK(world.seen[1].fields.get("Content-Range") == "0-0");
}

TEST_CASE("answers to a patch", "[gitlab][api]") {
  using enum patch_answer::kind;
  struct row {
    canned_answer answer;
    patch_answer::kind what;
    std::uint64_t offset = 0;
    bool canceling = false;
  };
  auto const& [answer, what, offset, canceling] = GENERATE(values<row>({
      {{202}, stored},
      {{202, {{"Job-Status", "canceling"}}}, stored, 0, true},
      {{202, {{"Job-Status", "canceled"}}}, aborted},
      {{202, {{"Job-Status", "failed"}}}, aborted},
      {{403}, aborted},
      {{404}, not_found},
      {{416, {{"Range", "0-20"}}}, mismatch, 20},
      {{416, {{"Range", "0-0"}}}, mismatch, 0},
      {{416, {{"Range", ""}}}, mismatch, 0},
      {{416, {{"Range", "bytes"}}}, mismatch, 0},
      {{416}, mismatch, 0},
      {{416, {{"Range", "0-20"}, {"Job-Status", "canceled"}}}, mismatch, 20},
      {{400}, refused},
      {{413}, refused},
      {{200}, failed},
      {{501}, failed},
      {{.drop = true}, failed},
  }));
  CAPTURE(answer.status);
  api_world world;
  auto client = world.client();
  world.answers = {answer};
  auto const got = world.ask(client.patch_trace(key(), {0, "x", false}));
  CHECK(got.what == what);
  CHECK(got.certain == !answer.fields.get("Job-Status").empty());
  CHECK(got.offset == offset);
  CHECK(got.signals.canceling == canceling);
  CHECK(got.message.empty() == (what == stored));
  CHECK(got.message.find('?') == std::string::npos);
}

TEST_CASE("a poll can be cancelled while the server holds it or makes us wait", "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.answers = {{429, {{"Retry-After", "3600"}}}};
  net::task_group polls(world.io.get_executor());
  bool ended = false;
  polls.spawn([](api_client& api, bool& flag) -> awaitable<void> {
    co_await api.request_job({});
    flag = true;
  }(client, ended));
  test::settle(world.io);
  CHECK(world.seen.size() == 1);
  polls.cancel();
  test::settle(world.io);
  CHECK(polls.empty());
  CHECK(world.time.now() < net::time_source::time_point(1h));
}

TEST_CASE("calls about a job that get no answer are given up after a minute and a half",
          "[gitlab][api]") {
  api_world world;
  auto client = world.client();
  world.network.plan = [](net::dial_target const&, std::size_t) {
    test::dial_plan silent;
    silent.to_client.stall_after = 0;
    return silent;
  };
  CHECK(world.ask(client.patch_trace(key(), {0, "x", false})).what == patch_answer::kind::failed);
  CHECK(world.time.now() == net::time_source::time_point(90s));
  CHECK(world.ask(client.update_job(key(), {})).what == update_answer::kind::failed);
  CHECK(world.time.now() == net::time_source::time_point(180s));
}
