#include "net/error.hpp"
#include "net/http_client.hpp"
#include "test/net/http_world.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using test::http_world;

namespace {

std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace

TEST_CASE("an idle connection is closed after 90 seconds, and nothing sleeps after that",
          "[net][http_client]") {
  http_world world;
  world.script("h", 80, {{ok, ok}});
  CHECK(world.time.sleepers() == 0);
  world.fetch(world.get("http://h/"));
  world.settle();
  CHECK(world.network.open_connections() == 1);
  CHECK(world.time.sleepers() == 1);
  world.advance(89s);
  CHECK(world.network.open_connections() == 1);
  world.advance(1s);
  CHECK(world.network.open_connections() == 0);
  CHECK(world.time.sleepers() == 0);
}

TEST_CASE("a connection in use is not idle: its clock starts again when it is given back",
          "[net][http_client]") {
  http_world world;
  world.script("h", 80, {{ok, ok, ok}});
  world.fetch(world.get("http://h/"));
  world.advance(60s);
  world.fetch(world.get("http://h/"));
  world.advance(60s);
  CHECK(world.network.open_connections() == 1);
  world.fetch(world.get("http://h/"));
  CHECK(world.network.dialed().size() == 1);
}

TEST_CASE("after connection_max_age the idle connections are closed before a request",
          "[net][http_client]") {
  http_world world;
  world.script("h", 80, {std::vector<std::string>(16, ok), {ok}});
  for (int minute = 0; minute <= 15; ++minute) {
    world.fetch(world.get("http://h/"));
    world.advance(60s);
  }
  CHECK(world.network.dialed().size() == 1);
  world.advance(1s);
  CHECK(world.fetch(world.get("http://h/")).body == "ok");
  CHECK(world.network.dialed().size() == 2);
}

TEST_CASE("taking the last idle connection leaves nothing asleep but the request",
          "[net][http_client]") {
  http_world world;
  world.script("h", 80, {{ok, "..."}});
  world.fetch(world.get("http://h/"));
  world.settle();
  auto const& poll = world.start(world.get("http://h/"));
  CHECK_FALSE(poll.done);
  CHECK(world.time.sleepers() == 1);  // the deadline of the response's header
}

TEST_CASE("at most two idle connections per peer are kept", "[net][http_client]") {
  http_world world;
  auto const listener = world.network.listen("h", 80);
  std::vector<std::unique_ptr<net::stream>> held;
  auto const accept = [](net::listener& at, std::vector<std::unique_ptr<net::stream>>& into)
      -> awaitable<void> {
    for (int i = 0; i < 3; ++i) into.push_back((co_await at.accept()).value());
  };
  world.spawn(accept(*listener, held));
  for (int i = 0; i < 3; ++i) world.start(world.get("http://h/"));
  REQUIRE(held.size() == 3);
  auto const answer = [](net::stream& to) -> awaitable<void> {
    co_await to.write(asio::buffer(ok));
  };
  for (auto const& wire : held) test::run_to_end(world.io, answer(*wire));
  for (auto const& one : world.started) CHECK(one.body == "ok");
  CHECK(world.network.open_connections() == 2);
}

TEST_CASE("connections of different peers and ways of trusting are never mixed",
          "[net][http_client]") {
  http_world world;
  world.script("a", 443, {{ok, ok}, {ok, ok}});
  auto request = world.get("https://a/");
  world.fetch(request);
  request.tls = net::tls_options{"/etc/other-ca.crt", {}, {}};
  world.fetch(request);
  CHECK(world.network.dialed().size() == 2);
  world.fetch(request);
  CHECK(world.network.dialed().size() == 2);
}

TEST_CASE("an idle connection that the server has closed is not used", "[net][http_client]") {
  http_world world;
  auto& peer = world.script("h", 80, {{ok}, {ok}});
  world.fetch(world.get("http://h/"));
  auto const second = world.fetch(world.post("http://h/", "x"));
  CHECK(second.body == "ok");
  CHECK(peer.received.size() == 2);
  CHECK(world.network.dialed().size() == 2);
}

TEST_CASE("a negative connection_max_age means a new connection for every request",
          "[net][http_client]") {
  auto const& [age, connections] =
      GENERATE(table<int, std::size_t>({{-1, 3}, {0, 1}, {60'000, 1}}));
  http_world world;
  world.script("h", 80, {{ok, ok, ok}, {ok}, {ok}});
  world.client.set_connection_max_age(std::chrono::milliseconds(age));
  for (int i = 0; i < 3; ++i) CHECK(world.fetch(world.get("http://h/")).body == "ok");
  CHECK(world.network.dialed().size() == connections);
}

TEST_CASE(
    "a GET on a reused connection that dies without an answer is sent again, once and silently",
    "[net][http_client]") {
  http_world world;
  // An empty reply: the request is read, then the connection ends.
  auto& peer = world.script("h", 80, {{ok, ""}, {ok}});
  world.fetch(world.get("http://h/"));
  auto const second = world.fetch(world.get("http://h/x"));
  CHECK(second.body == "ok");
  REQUIRE(peer.received.size() == 3);
  CHECK(peer.received[1] == peer.received[2]);
}

TEST_CASE("a request that changes something and may have reached the server is never sent twice",
          "[net][http_client]") {
  auto const* const method = GENERATE("POST", "PUT", "PATCH", "DELETE");
  CAPTURE(method);
  http_world world;
  auto& peer = world.script("h", 80, {{ok, ""}, {ok}});
  world.fetch(world.get("http://h/"));
  auto request = world.post("http://h/", "body");
  request.method = method;
  CHECK(world.fetch(std::move(request)).error == asio::error::eof);
  CHECK(peer.received.size() == 2);
  CHECK(world.network.dialed().size() == 1);
}

TEST_CASE("a request of which nothing could be written on a reused connection is sent on a new one",
          "[net][http_client]") {
  constexpr std::size_t first_request = 46;
  http_world world;
  world.network.plan = [](net::dial_target const&, std::size_t number) {
    test::dial_plan plan;
    // Ends with the first byte of the second request.
    if (number == 0) plan.to_server.reset_after = first_request + 1;
    return plan;
  };
  auto& peer = world.script("h", 80, {{ok, ok}, {ok}});
  CHECK(world.fetch(world.get("http://h/")).body == "ok");
  REQUIRE(peer.received.at(0).size() == first_request);
  CHECK(world.fetch(world.post("http://h/", "body")).body == "ok");
  CHECK(peer.received.size() == 2);
  CHECK(world.network.dialed().size() == 2);
}

TEST_CASE("a fresh connection that dies without an answer is an error at once",
          "[net][http_client]") {
  http_world world;
  auto& peer = world.script("h", 80, {{""}, {ok}});
  CHECK(world.fetch(world.get("http://h/")).error == asio::error::eof);
  CHECK(peer.received.size() == 1);
}

TEST_CASE("a reused connection that dies inside an answer is an error", "[net][http_client]") {
  http_world world;
  auto& peer = world.script("h", 80, {{ok, "HTTP/1.1 200"}, {ok}});
  world.fetch(world.get("http://h/"));
  CHECK(world.fetch(world.get("http://h/")).error == net::errc::incomplete_body);
  CHECK(peer.received.size() == 2);
}

TEST_CASE("close_idle closes what is idle and leaves what is in use", "[net][http_client]") {
  http_world world;
  world.script("h", 80, {{ok}, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no..."}});
  world.fetch(world.get("http://h/"));
  auto const& running = world.start(world.get("http://h/"));
  world.client.close_idle();
  CHECK_FALSE(running.done);
  CHECK(world.network.open_connections() == 1);
}

TEST_CASE("a response that is dropped before its end closes its connection", "[net][http_client]") {
  http_world world;
  world.script("h", 80, {{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf..."}});
  auto const drop = [](net::http_client& client, net::http_request request) -> awaitable<void> {
    auto const response = co_await client.send(std::move(request));
    CHECK(response->status == 200);
  };
  test::run_to_end(world.io, drop(world.client, world.get("http://h/")));
  CHECK(world.network.open_connections() == 0);
}

TEST_CASE("a cancelled request closes its connection and leaves nothing behind",
          "[net][http_client]") {
  auto const reply = GENERATE(as<std::string>(), "...",
                              "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf...");
  http_world world;
  world.script("h", 80, {{reply}});
  auto const& poll = world.start(world.get("http://h/"));
  CHECK_FALSE(poll.done);
  CHECK(world.network.open_connections() == 1);
  world.children.cancel();
  world.settle();
  CHECK(world.network.open_connections() == 0);
  CHECK(world.time.sleepers() == 0);
}

TEST_CASE("every wait of a request has its deadline", "[net][http_client]") {
  struct row {
    char const* what;
    char const* reply;  // null: the dial itself hangs
    bool large_body;
    std::chrono::seconds until;
    error_code error;
  };
  auto const row = GENERATE(values<struct row>({
      {"connect", nullptr, false, 30s, asio::error::timed_out},
      {"header", "...", false, 600s, net::errc::response_timeout},
      {"half a header", "HTTP/1.1 200 OK\r\n...", false, 600s, net::errc::response_timeout},
      {"body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf...", false, 600s,
       asio::error::timed_out},
      // Nobody reads: the body stops, and an answer that might explain it is awaited for 5 s more.
      {"sending", "never", true, 605s, asio::error::timed_out},
  }));
  CAPTURE(row.what);
  http_world world;
  auto const idle_listener = row.large_body ? world.network.listen("h", 80) : nullptr;
  if (!row.reply) {
    world.network.plan = [](net::dial_target const&, std::size_t) {
      test::dial_plan plan;
      plan.stall = true;
      return plan;
    };
  } else if (!row.large_body) {
    world.script("h", 80, {{row.reply}});
  }
  auto const& got = world.start(row.large_body ? world.post("http://h/", std::string(200'000, 'x'))
                                               : world.get("http://h/"));
  for (auto passed = 1s; passed < row.until; ++passed) world.advance(1s);
  CHECK_FALSE(got.done);
  world.advance(1s);
  CHECK(got.done);
  CHECK(got.error == row.error);
  CHECK(world.network.open_connections() == 0);
  CHECK(world.time.sleepers() == 0);
}

TEST_CASE("the total deadline also ends a body that never stops", "[net][http_client]") {
  http_world world;
  auto const listener = world.network.listen("h", 80);
  auto const trickle = [](net::listener& at, net::time_source& time) -> awaitable<void> {
    auto wire = (co_await at.accept()).value();
    std::string_view bytes = "HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n";
    while (!co_await wire->write(asio::buffer(bytes))) {
      bytes = "x";
      co_await time.sleep_for(60s);
    }
  };
  world.spawn(trickle(*listener, world.time));
  auto const& got = world.start(world.get("http://h/"));
  for (int minute = 0; minute < 59; ++minute) world.advance(60s);
  CHECK_FALSE(got.done);
  world.advance(60s);
  CHECK(got.done);
  CHECK(got.error == asio::error::timed_out);
}
