// The server of HTTP/2 with a client that nghttp2 makes: requests, answers, limits.
#include "test/net/http2_client.hpp"
#include "test/net/http2_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace corunner;
using namespace std::chrono_literals;
using test::http2_client;
using test::http2_world;

TEST_CASE("HTTP/2: a request is answered with fields, body and trailers", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  auto const id = client.request("/trailed", {{"x-given", "what I say"}}, "hello");
  auto& reply = client.at(id);
  CHECK(reply.status == 200);
  CHECK(reply.fields.get("x-method") == "POST");
  CHECK(reply.fields.get("x-given") == "what I say");
  CHECK(reply.body == "hello");
  CHECK(reply.trailers.get("x-last") == "end");
  CHECK(reply.closed == NGHTTP2_NO_ERROR);
  CHECK_FALSE(client.ended());
}

TEST_CASE("HTTP/2: an answer without body is a header alone", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  auto& reply = client.at(client.request("/", {}, "", "GET"));
  CHECK(reply.status == 200);
  CHECK(reply.fields.get("x-method") == "GET");
  CHECK(reply.body.empty());
  CHECK(reply.closed == NGHTTP2_NO_ERROR);
}

TEST_CASE("HTTP/2: requests of one connection do not wait for each other", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  auto const slow = client.request("/held", {}, "slow");
  auto const fast = client.request("/", {}, "fast");
  CHECK(client.at(fast).body == "fast");
  CHECK_FALSE(client.at(slow).closed);
  world.go.set();
  world.settle();
  client.exchange();
  CHECK(client.at(slow).body == "slow");
}

TEST_CASE("HTTP/2: a body larger than the flow window goes both ways", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  std::string const large(200 * 1024, 'x');
  auto& reply = client.at(client.request("/", {}, large));
  CHECK(reply.body.size() == large.size());
  CHECK(reply.closed == NGHTTP2_NO_ERROR);
}

TEST_CASE("HTTP/2: of a body over the limit the rest is not wanted", "[net][http2]") {
  http2_world world({.each = {.body = 100}});
  http2_client client(world, "h", 80);
  CHECK(client.at(client.request("/", {}, std::string(100, 'x'))).body.size() == 100);
  auto& reply = client.at(client.request("/", {}, std::string(1 << 20, 'x')));
  CHECK(reply.body == "too large");
  CHECK(reply.closed == NGHTTP2_NO_ERROR);
  CHECK(client.at(client.request("/", {}, "next")).body == "next");
}

TEST_CASE("HTTP/2: a header over the limit is refused, the connection goes on", "[net][http2]") {
  http2_world world({.each = {.header = 1024}});
  http2_client client(world, "h", 80);
  CHECK(client.at(client.request("/", {{"x-large", std::string(2000, 'x')}}, "body")).status ==
        431);
  CHECK(client.at(client.request("/", {}, "next")).status == 200);
}

TEST_CASE("HTTP/2: a request that the peer takes back cancels its handler", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  auto const id = client.request("/held", {}, "");
  client.reset(id);
  CHECK(world.cancelled == 1);
  CHECK(client.at(client.request("/", {}, "next")).body == "next");
  CHECK(world.failures.empty());
}

TEST_CASE("HTTP/2: a peer that leaves cancels its handlers", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  client.request("/held", {}, "");
  client.request("/held", {}, "");
  client.close();
  world.settle();
  CHECK(world.cancelled == 2);
  CHECK(world.server.connections() == 0);
}

TEST_CASE("HTTP/2: who takes back request after request is sent away", "[net][http2]") {
  http2_world world({.each = {.withdrawn = 5}});
  http2_client client(world, "h", 80);
  for (int i = 0; i != 5; ++i) client.reset(client.request("/held", {}, ""));
  CHECK_FALSE(client.told_to_go());
  client.reset(client.request("/held", {}, ""));
  CHECK(client.told_to_go() == NGHTTP2_ENHANCE_YOUR_CALM);
  world.advance(1s);
  CHECK(world.server.connections() == 0);
}

TEST_CASE("HTTP/2: what a handler throws is a 500 and told", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  CHECK(client.at(client.request("/broken", {}, "")).status == 500);
  CHECK(world.failures == std::vector<std::string>{"POST /broken: it broke"});
}

TEST_CASE("HTTP/2: a peer that speaks something else is left at once", "[net][http2]") {
  http2_world world;
  test::raw_client client(world, "h", 80);
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(client.ended());
  CHECK(world.server.connections() == 0);
}

TEST_CASE("HTTP/2: a frame that breaks the rules ends the connection and says so", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  client.send_raw({"\0\0\1\0\1\0\0\0\7x", 10});  // DATA for a stream that was never opened
  client.exchange();
  CHECK(client.told_to_go() == NGHTTP2_PROTOCOL_ERROR);
  CHECK(client.ended());
}

TEST_CASE("HTTP/2: pings are answered", "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  client.ping();
  CHECK(client.pongs() == 1);
}

TEST_CASE("HTTP/2: more requests at once than allowed are refused", "[net][http2]") {
  http2_world world({.each = {.streams = 2}});
  http2_client client(world, "h", 80);
  client.request("/held", {}, "");
  client.request("/held", {}, "");
  // nghttp2's client waits for one to end.
  auto const third = client.request("/", {}, "third");
  CHECK_FALSE(client.at(third).closed);
  world.go.set();
  world.settle();
  client.exchange();
  CHECK(client.at(third).body == "third");
}
