#include "net/http_client.hpp"

#include "net/error.hpp"
#include "test/net/http_world.hpp"
#include "test/support/fault_steps.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using test::http_world;

namespace {

std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace

TEST_CASE("a request and its answer cross, and the connection is used again",
          "[net][http_client]") {
  http_world world;
  auto& peer = world.script("gitlab.test", 80,
                            {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello",
                              "HTTP/1.1 204 No Content\r\n\r\n"}});
  auto const first = world.fetch(world.get("http://gitlab.test/a?b=c"));
  REQUIRE(first.error == error_code());
  CHECK(first.status == 200);
  CHECK(first.body == "hello");
  CHECK(first.fields.get("x-a") == "b");
  auto const second = world.fetch(world.get("http://gitlab.test/d"));
  CHECK(second.status == 204);
  CHECK(world.network.dialed().size() == 1);
  CHECK(peer.received[0] ==
        "GET /a?b=c HTTP/1.1\r\nHost: gitlab.test\r\nUser-Agent: tests\r\n\r\n");
}

TEST_CASE("every way to frame a response gives its body", "[net][http_client]") {
  struct row {
    char const* method;
    char const* reply;
    int status;
    char const* body;
    bool reused;
  };
  auto const row = GENERATE(values<struct row>({
      {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 200, "abc", true},
      {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true},
      {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", 200, "", true},
      {"HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, "", true},
      {"GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
      {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "", true},
      {"GET",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
       "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n",
       200, "abc0123456789", true},
      {"GET",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
       "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx",
       201, "x", true},
      {"GET", "HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, "until the end", false},
      {"GET", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 200, "ok",
       false},
      {"GET", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
      {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokmore", 200, "ok", false},
  }));
  auto const split = GENERATE(false, true);
  CAPTURE(row.method, row.reply, split);
  http_world world;
  if (split) {
    world.network.plan = [](net::dial_target const&, std::size_t) {
      test::dial_plan plan;
      plan.to_client.split_seed = 7;
      plan.to_client.piece = 3;
      return plan;
    };
  }
  bool const to_end = std::string(row.body) == "until the end";
  std::vector<std::string> replies{row.reply};
  if (!to_end) replies.push_back(ok);
  auto& peer = world.script("h", 80, {replies, {ok}});
  auto request = world.get("http://h/");
  request.method = row.method;
  auto const got = world.fetch(std::move(request));
  CHECK(got.error == error_code());
  CHECK(got.status == row.status);
  CHECK(got.body == row.body);
  auto const next = world.fetch(world.get("http://h/"));
  CHECK(next.body == "ok");
  CHECK(peer.accepted == (row.reused ? 1 : 2));
}

TEST_CASE("a response that breaks the rules is an error with its name", "[net][http_client]") {
  struct row {
    std::string reply;
    error_code error;
  };
  auto const row = GENERATE(values<struct row>({
      {"SSH-2.0-OpenSSH_9.2\r\n", net::errc::bad_message},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", net::errc::incomplete_body},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", net::errc::incomplete_body},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", net::errc::bad_message},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
       net::errc::bad_message},
      {"HTTP/1.1 200 OK\r\nContent-Le", net::errc::incomplete_body},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'a') + "\r\n\r\n",
       net::errc::header_too_large},
      {"", asio::error::eof},
  }));
  CAPTURE(row.reply.substr(0, 100));
  http_world world;
  world.script("h", 80, {{row.reply}});
  auto const got = world.fetch(world.get("http://h/"));
  CHECK(got.error == row.error);
  CHECK(world.network.open_connections() == 0);
}

TEST_CASE("many header lines of legal size are too many together", "[net][http_client]") {
  http_world world;
  std::string reply = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 5000; ++i) reply += "X-Line: 0123456789012345678901234567890\r\n";
  world.script("h", 80, {{reply + "\r\n"}});
  CHECK(world.fetch(world.get("http://h/")).error == net::errc::header_too_large);
}

TEST_CASE("a body is sent with its length, or chunked when that is unknown", "[net][http_client]") {
  http_world world;
  auto& peer = world.script("h", 80, {{ok, ok, ok}});
  auto request = world.post("http://h/p", "some bytes");
  request.fields.set("content-length", "77");  // not the caller's business
  world.fetch(request);
  CHECK_THAT(peer.received[0], ContainsSubstring("Content-Length: 10\r\n") &&
                                   EndsWith("\r\n\r\nsome bytes") && !ContainsSubstring("77"));
  request.body.length.reset();
  world.fetch(request);
  CHECK_THAT(peer.received[1], ContainsSubstring("Transfer-Encoding: chunked\r\n") &&
                                   EndsWith("\r\n\r\na\r\nsome bytes\r\n0\r\n\r\n"));
  request.body = {};
  world.fetch(request);
  CHECK_THAT(peer.received[2], ContainsSubstring("Content-Length: 0\r\n"));
}

TEST_CASE("a large body passes through small buffers unharmed", "[net][http_client]") {
  http_world world;
  world.network.plan = [](net::dial_target const&, std::size_t) {
    test::dial_plan plan;
    plan.capacity = 1000;
    return plan;
  };
  auto& peer = world.script("h", 80, {{ok}});
  std::string body;
  for (int i = 0; body.size() < 300'000; ++i) body += std::to_string(i) + ',';
  CHECK(world.fetch(world.post("http://h/", body)).body == "ok");
  CHECK(peer.received[0].substr(peer.received[0].find("\r\n\r\n") + 4) == body);
}

TEST_CASE("a body of another length than announced ends the request", "[net][http_client]") {
  auto const announced = GENERATE(5, 50);
  http_world world;
  world.script("h", 80, {{ok}});
  auto request = world.post("http://h/", "0123456789");
  request.body.length = announced;
  if (announced == 5) {
    // A source is asked for no more than was announced.
    CHECK(world.fetch(request).body == "ok");
  } else {
    CHECK(world.fetch(request).error == net::errc::wrong_length);
    CHECK(world.network.open_connections() == 0);
  }
}

TEST_CASE("an exception of a body source ends the request and reaches its sender",
          "[net][http_client]") {
  struct throwing_source final : net::body_source {
    awaitable<result<std::size_t>> read_some(asio::mutable_buffer) override {
      throw std::runtime_error("disk on fire");
      co_return std::size_t(0);
    }
  };
  http_world world;
  world.script("h", 80, {{ok}});
  auto request = world.post("http://h/", "x");
  request.body.open = [] { return std::make_unique<throwing_source>(); };
  CHECK_THROWS_WITH(world.fetch(request), "disk on fire");
  CHECK(world.network.open_connections() == 0);
}

TEST_CASE("fields that would break out of their line are never sent", "[net][http_client]") {
  http_world world;
  auto& peer = world.script("h", 80, {{ok}});
  auto request = world.get("http://h/");
  request.fields.add("X-A", "b\r\nX-Evil: 1");
  CHECK(world.fetch(request).error == net::errc::bad_field);
  request.fields = {{"Bad Name", "x"}};
  CHECK(world.fetch(request).error == net::errc::bad_field);
  request.fields = {};
  request.method = "GET / HTTP/1.1\r\nX: ";
  CHECK(world.fetch(request).error == net::errc::bad_field);
  CHECK(peer.received.empty());
}

TEST_CASE("an early answer stops a body that is still being sent", "[net][http_client]") {
  http_world world;
  world.network.plan = [](net::dial_target const&, std::size_t) {
    test::dial_plan plan;
    plan.capacity = 4096;
    return plan;
  };
  auto listener = world.network.listen("h", 80);
  auto const refuse = [](net::listener& at) -> awaitable<void> {
    auto wire = co_await at.accept();
    std::string head(1000, '\0');
    co_await (*wire)->read_some(asio::buffer(head));
    std::string_view const answer = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig";
    co_await (*wire)->write(asio::buffer(answer));
    while (co_await (*wire)->read_some(asio::buffer(head))) {
      // Reads on slowly; the client must not wait for it.
      net::event never(co_await asio::this_coro::executor);
      co_await never.wait();
    }
  };
  world.spawn(refuse(*listener));
  auto const got = world.fetch(world.post("http://h/", std::string(1'000'000, 'x')));
  CHECK(got.status == 413);
  CHECK(got.body == "big");
  CHECK(world.network.open_connections() == 0);
}

TEST_CASE("URLs with a user are sent with Basic authorization", "[net][http_client]") {
  http_world world;
  auto& peer = world.script("h", 80, {{ok}});
  world.fetch(world.get("http://us%65r:pass@h/"));
  CHECK_THAT(peer.received[0], ContainsSubstring("Authorization: Basic dXNlcjpwYXNz\r\n"));
}

TEST_CASE("a response may be larger than its reader wants", "[net][http_client]") {
  http_world world;
  world.script("h", 80,
               {{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x')}});
  auto const read = [](net::http_client& client, net::http_request request) -> awaitable<void> {
    auto response = co_await client.send(std::move(request));
    auto const body = co_await response->read_all(99);
    CHECK(body.error() == net::errc::body_too_large);
  };
  test::run_to_end(world.io, read(world.client, world.get("http://h/")));
  CHECK(world.network.open_connections() == 0);
}

TEST_CASE("whatever step fails, the request ends and the next one succeeds", "[net][http_client]") {
  auto const why = GENERATE(values<error_code>({asio::error::connection_reset, asio::error::eof}));
  auto const steps = test::fail_each_step(why, [](test::fault_steps& faults) {
    http_world world;
    test::failing_dialer dialer(world.network, faults);
    net::http_client client(dialer, world.time, {});
    world.script("h", 80, {{ok, ok}, {ok, ok}, {ok, ok}});
    auto const work = [](http_world& from, net::http_client& on) -> awaitable<void> {
      for (int i = 0; i < 2; ++i) {
        auto request = from.post("http://h/", std::string(100, 'x'));
        auto response = co_await on.send(std::move(request));
        if (!response) continue;
        auto const body = co_await response->read_all(10);
        if (body) CHECK(*body == "ok");
      }
      auto last = co_await on.send(from.get("http://h/"));
      if (!last) last = co_await on.send(from.get("http://h/"));
      REQUIRE(last.has_value());
      CHECK(*co_await last->read_all(10) == "ok");
    };
    bool done = false;
    auto const all = [](awaitable<void> inner, bool& flag) -> awaitable<void> {
      co_await std::move(inner);
      flag = true;
    };
    world.spawn(all(work(world, client), done));
    world.settle();
    world.advance(10s);  // a failed write waits a moment for a late answer
    CHECK(done);
  });
  CHECK(steps > 6);
}
