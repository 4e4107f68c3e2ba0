#include "net/http_server.hpp"

#include "net/error.hpp"
#include "test/net/served_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using test::echo;
using test::raw_client;
using test::served_world;

TEST_CASE("the server answers what its handler says, on one connection", "[net][http_server]") {
  served_world world(echo);
  auto const first = world.fetch(world.post("http://h/a/b?c=d", "body"));
  CHECK(first.status == 200);
  CHECK(first.body == "POST /a/b?c=d\nbody");
  auto const second = world.fetch(world.get("http://h/"));
  CHECK(second.body == "GET /?\n");
  CHECK(world.network.dialed().size() == 1);
}

TEST_CASE("a chunked request body is read like any other", "[net][http_server]") {
  served_world world(echo);
  auto request = world.post("http://h/", std::string(100'000, 'x'));
  request.body.length.reset();
  CHECK(world.fetch(std::move(request)).body == "POST /?\n" + std::string(100'000, 'x'));
}

TEST_CASE("pipelined requests are answered in their order", "[net][http_server]") {
  served_world world(echo);
  raw_client client(world, "h", 80);
  client.send(
      "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc\r\n"
      "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
      "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  auto const text = client.take();
  auto const first = text.find("POST /1");
  auto const second = text.find("GET /2");
  auto const third = text.find("GET /3");
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third != std::string::npos);
  CHECK(client.ended());
}

TEST_CASE("a request that cannot be understood is refused and its connection closed",
          "[net][http_server]") {
  struct row {
    std::string request;
    char const* answer;
  };
  auto const row = GENERATE(values<struct row>({
      {"\x16\x03\x01 TLS hello\r\n\r\n", "HTTP/1.1 400 "},
      {"GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 400 "},
      {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},  // no Host
      {"GET / HTTP/1.1\r\nHost: h\r\nBad Name: x\r\n\r\n", "HTTP/1.1 400 "},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "HTTP/1.1 400 "},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 400 "},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400 "},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(70'000, 'a'), "HTTP/1.1 431 "},
  }));
  CAPTURE(row.request.substr(0, 80));
  served_world world(echo);
  raw_client client(world, "h", 80);
  client.send(row.request);
  CHECK_THAT(client.take(), StartsWith(row.answer));
  CHECK(client.ended());
  CHECK(world.failures.empty());
}

TEST_CASE("a header that takes too long is answered 408", "[net][http_server]") {
  served_world world(echo);
  raw_client client(world, "h", 80);
  client.send("GET / HTTP/1.1\r\nHo");
  world.advance(29s);
  CHECK_FALSE(client.ended());
  world.advance(1s);
  CHECK_THAT(client.take(), StartsWith("HTTP/1.1 408 "));
  CHECK(client.ended());
}

TEST_CASE("a connection without a request is closed after its idle time", "[net][http_server]") {
  served_world world(echo);
  raw_client client(world, "h", 80);
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.take(), StartsWith("HTTP/1.1 200 "));
  world.advance(74s);
  CHECK_FALSE(client.ended());
  world.advance(1s);
  CHECK(client.ended());
  CHECK(client.take().empty());
  CHECK(world.server.connections() == 0);
}

TEST_CASE("a body that stops coming ends the exchange", "[net][http_server]") {
  served_world world(echo);
  raw_client client(world, "h", 80);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  world.advance(60s);
  CHECK_THAT(client.take(), ContainsSubstring("Connection: close") && EndsWith("timed out"));
}

TEST_CASE("a peer that waits for 100 Continue is told when its body is wanted",
          "[net][http_server]") {
  served_world world(echo);
  raw_client client(world, "h", 80);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.take() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  CHECK_THAT(client.take(), StartsWith("HTTP/1.1 200 OK\r\n") && EndsWith("body"));
  CHECK_FALSE(client.ended());
}

TEST_CASE("a peer whose body is not wanted is not invited to send it", "[net][http_server]") {
  served_world world([](net::http_exchange& exchange) -> awaitable<void> {
    co_await exchange.respond(403, {}, "no");
  });
  raw_client client(world, "h", 80);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK_THAT(client.take(), StartsWith("HTTP/1.1 403 ") && ContainsSubstring("Connection: close"));
  CHECK(client.ended());
}

TEST_CASE("HEAD is answered without the body, with its length", "[net][http_server]") {
  served_world world(echo);
  raw_client client(world, "h", 80);
  client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.take(), ContainsSubstring("Content-Length: 9\r\n") && EndsWith("\r\n\r\n"));
  CHECK_FALSE(client.ended());
}

TEST_CASE("an old client gets an answer that it understands", "[net][http_server]") {
  served_world world([](net::http_exchange& exchange) -> awaitable<void> {
    co_await exchange.begin(200, {}, std::nullopt);
    co_await exchange.write("without a length");
    co_await exchange.finish();
  });
  raw_client client(world, "h", 80);
  client.send("GET / HTTP/1.0\r\n\r\n");
  CHECK_THAT(client.take(), EndsWith("\r\n\r\nwithout a length") && !ContainsSubstring("chunked"));
  CHECK(client.ended());
}

TEST_CASE("an answer of unknown length is chunked", "[net][http_server]") {
  served_world world([](net::http_exchange& exchange) -> awaitable<void> {
    co_await exchange.begin(200, {}, std::nullopt);
    co_await exchange.write("one,");
    co_await exchange.write("");
    co_await exchange.write("two");
    co_await exchange.finish();
  });
  CHECK(world.fetch(world.get("http://h/")).body == "one,two");
  CHECK(world.fetch(world.get("http://h/")).body == "one,two");
  CHECK(world.network.dialed().size() == 1);
}

TEST_CASE("an answer shorter than announced breaks the connection", "[net][http_server]") {
  served_world world([](net::http_exchange& exchange) -> awaitable<void> {
    co_await exchange.begin(200, {}, 10);
    CHECK(co_await exchange.write("01234567890") == net::errc::wrong_length);
    co_await exchange.write("half");
    CHECK(co_await exchange.finish() == net::errc::wrong_length);
  });
  CHECK(world.fetch(world.get("http://h/")).error == net::errc::incomplete_body);
}

TEST_CASE("an exception of the handler becomes a 500 and is reported", "[net][http_server]") {
  served_world world([](net::http_exchange& exchange) -> awaitable<void> {
    if (exchange.path == "/throw") throw std::runtime_error("no such luck");
    co_return;
  });
  CHECK(world.fetch(world.get("http://h/throw")).status == 500);
  CHECK(world.fetch(world.get("http://h/silent")).status == 500);
  CHECK(world.failures ==
        std::vector<std::string>{"GET /throw: no such luck", "GET /silent: no answer"});
  CHECK(world.network.dialed().size() == 1);
}

TEST_CASE("an exception inside an answer breaks the connection", "[net][http_server]") {
  served_world world([](net::http_exchange& exchange) -> awaitable<void> {
    co_await exchange.begin(200, {}, 10);
    co_await exchange.write("half");
    throw std::runtime_error("broke");
  });
  CHECK(world.fetch(world.get("http://h/")).error == net::errc::incomplete_body);
  CHECK(world.failures == std::vector<std::string>{"GET /: broke"});
}

TEST_CASE("a handler may hang up instead of answering", "[net][http_server]") {
  served_world world([](net::http_exchange& exchange) -> awaitable<void> {
    exchange.drop();
    co_return;
  });
  CHECK(world.fetch(world.get("http://h/")).error == asio::error::eof);
  CHECK(world.failures.empty());
}

TEST_CASE("a body that the handler left alone is read away, a large one is not",
          "[net][http_server]") {
  auto const size = GENERATE(std::size_t(100'000), std::size_t(2'000'000));
  served_world world([](net::http_exchange& exchange) -> awaitable<void> {
    co_await exchange.respond(413, {}, "too large");
  });
  auto const got = world.fetch(world.post("http://h/", std::string(size, 'x')));
  CHECK(got.status == 413);
  CHECK(got.body == "too large");
}

TEST_CASE("requests in small pieces are the same requests", "[net][http_server]") {
  auto const seed = GENERATE(range(1, 6));
  served_world world(echo);
  world.network.plan = [seed](net::dial_target const&, std::size_t) {
    test::dial_plan plan;
    plan.to_server.split_seed = static_cast<std::uint64_t>(seed);
    plan.to_client.split_seed = static_cast<std::uint64_t>(seed) + 100;
    plan.capacity = 50;
    return plan;
  };
  auto const body = std::string(5000, 'y');
  CHECK(world.fetch(world.post("http://h/p?q", body)).body == "POST /p?q\n" + body);
  CHECK(world.fetch(world.post("http://h/p?q", body)).body == "POST /p?q\n" + body);
}

TEST_CASE("an absolute target is split like a relative one", "[net][http_server]") {
  served_world world(echo);
  raw_client client(world, "h", 80);
  client.send("GET http://h/a?b HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.take(), EndsWith("GET /a?b\n"));
}
