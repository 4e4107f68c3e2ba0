// How connections of the HTTP/2 server end: deadlines, stop, drain.
#include "test/net/http2_client.hpp"
#include "test/net/http2_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

using namespace corunner;
using namespace std::chrono_literals;
using test::http2_client;
using test::http2_world;

TEST_CASE("HTTP/2: who does not greet in time is sent away", "[net][http2]") {
  http2_world world;
  test::raw_client client(world, "h", 80);
  client.send("PRI * HTTP/2.0\r\n");
  world.advance(9s);
  CHECK_FALSE(client.ended());
  world.advance(1s);
  CHECK(client.ended());
  world.advance(1s);
  CHECK(world.server.connections() == 0);
}

TEST_CASE("HTTP/2: an idle connection is told to go, one with a request is not", "[net][http2]") {
  http2_world world({.idle = 60s});
  http2_client idle(world, "h", 80);
  http2_client busy(world, "h", 80);
  auto const held = busy.request("/held", {}, "x");
  world.advance(59s);
  idle.ping();  // is no request
  idle.exchange();
  CHECK_FALSE(idle.told_to_go());
  world.advance(1s);
  idle.exchange();
  busy.exchange();
  CHECK(idle.told_to_go() == NGHTTP2_NO_ERROR);
  CHECK(idle.ended());
  CHECK_FALSE(busy.told_to_go());
  world.go.set();
  world.settle();
  busy.exchange();
  CHECK(busy.at(held).body == "x");
  world.advance(59s);
  busy.exchange();
  CHECK_FALSE(busy.told_to_go());
  world.advance(1s);
  busy.exchange();
  CHECK(busy.told_to_go() == NGHTTP2_NO_ERROR);
}

TEST_CASE("HTTP/2: a request that never becomes whole is ended, its connection goes on",
          "[net][http2]") {
  http2_world world;
  http2_client client(world, "h", 80);
  auto const slow = client.begin_request("/");
  world.advance(29s);
  client.exchange();
  CHECK_FALSE(client.at(slow).closed);
  world.advance(1s);
  client.exchange();
  CHECK(client.at(slow).closed == NGHTTP2_CANCEL);
  CHECK(client.at(client.request("/", {}, "next")).body == "next");
}

TEST_CASE("HTTP/2: a peer that does not take its answer is given up", "[net][http2]") {
  http2_world world;
  std::string const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  // SETTINGS_INITIAL_WINDOW_SIZE 0: not one byte of a body may be sent.
  std::string const settings("\0\0\6\4\0\0\0\0\0\0\4\0\0\0\0", 15);
  // A request by fields of the static table, with a body of one byte.
  std::string const request("\0\0\6\1\4\0\0\0\1\x83\x86\x84\x41\1h\0\0\1\0\1\0\0\0\1x", 25);
  test::raw_client client(world, "h", 80);
  client.send(preface + settings + request);
  client.take();
  world.advance(29s);
  CHECK(client.take().empty());
  world.advance(1s);
  CHECK(client.take() == std::string("\0\0\4\3\0\0\0\0\1\0\0\0\x8", 13));  // RST_STREAM, CANCEL
}

TEST_CASE("HTTP/2: stop lets requests end and sends idle peers away", "[net][http2]") {
  http2_world world;
  http2_client idle(world, "h", 80);
  http2_client busy(world, "h", 80);
  auto const held = busy.request("/held", {}, "x");
  world.server.stop();
  world.settle();
  idle.exchange();
  busy.exchange();
  CHECK(idle.told_to_go() == NGHTTP2_NO_ERROR);
  CHECK(idle.ended());
  CHECK(busy.told_to_go() == NGHTTP2_NO_ERROR);
  CHECK_FALSE(busy.ended());
  world.go.set();
  world.settle();
  busy.exchange();
  CHECK(busy.at(held).body == "x");
  CHECK(busy.ended());
  CHECK(world.cancelled == 0);
}

TEST_CASE("HTTP/2: drain cancels what has not ended in time", "[net][http2]") {
  http2_world world;
  http2_client busy(world, "h", 80);
  busy.request("/held", {}, "x");
  world.server.stop();
  world.spawn(world.server.drain(10s));
  world.settle();
  world.advance(9s);
  CHECK(world.cancelled == 0);
  world.advance(1s);
  CHECK(world.cancelled == 1);
  CHECK(world.server.connections() == 0);
}

TEST_CASE("HTTP/2: more connections than allowed wait until one ends", "[net][http2]") {
  http2_world world({.connections = 1});
  auto first = std::make_unique<http2_client>(world, "h", 80);
  http2_client second(world, "h", 80);
  auto const id = second.request("/", {}, "x");
  CHECK_FALSE(second.at(id).closed);
  first->close();
  world.settle();
  second.exchange();
  CHECK(second.at(id).body == "x");
}
