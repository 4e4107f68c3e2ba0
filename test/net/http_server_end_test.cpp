// How connections and exchanges of the server end: peers that leave, stop, drain, limits.
#include "net/error.hpp"
#include "net/http_server.hpp"
#include "test/net/served_world.hpp"
#include "test/support/fault_steps.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using test::echo;
using test::held_world;
using test::raw_client;
using test::served_world;

TEST_CASE("a peer that leaves cancels the handler of its request", "[net][http_server]") {
  auto const leave = GENERATE(0, 1);
  held_world world;
  raw_client client(world, "h", 80);
  client.send("GET /poll HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(world.entered == 1);
  CHECK(world.cancelled == 0);
  if (leave == 0) client.close();
  else world.network.reset_all();
  world.settle();
  CHECK(world.cancelled == 1);
  CHECK(world.server.connections() == 0);
  CHECK(world.failures.empty());
}

TEST_CASE("what a peer sends while its request is worked on is kept for later",
          "[net][http_server]") {
  held_world world;
  raw_client client(world, "h", 80);
  client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  client.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(world.entered == 1);
  world.go.set();
  world.settle();
  CHECK(world.entered == 2);
  CHECK_THAT(client.take(), EndsWith("late"));
}

TEST_CASE("stop closes idle connections at once and lets exchanges end", "[net][http_server]") {
  held_world world;
  raw_client idle(world, "h", 80);
  raw_client busy(world, "h", 80);
  busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  world.server.stop();
  world.settle();
  CHECK(idle.ended());
  CHECK_FALSE(busy.ended());
  bool drained = false;
  auto const drain = [](net::http_server& server, bool& flag) -> awaitable<void> {
    co_await server.drain(10s);
    flag = true;
  };
  world.spawn(drain(world.server, drained));
  world.settle();
  CHECK_FALSE(drained);
  world.go.set();
  world.settle();
  CHECK_THAT(busy.take(), EndsWith("late"));
  CHECK(busy.ended());
  CHECK(drained);
  CHECK(world.cancelled == 0);
}

TEST_CASE("drain cancels what has not ended in time", "[net][http_server]") {
  held_world world;
  raw_client busy(world, "h", 80);
  busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  world.server.stop();
  world.spawn(world.server.drain(10s));
  world.settle();
  world.advance(9s);
  CHECK(world.cancelled == 0);
  world.advance(1s);
  CHECK(world.cancelled == 1);
  CHECK(busy.ended());
  CHECK(world.server.connections() == 0);
}

TEST_CASE("connections over the limit wait until one ends", "[net][http_server]") {
  net::http_server_limits limits;
  limits.connections = 1;
  served_world world(echo, limits);
  raw_client first(world, "h", 80);
  raw_client second(world, "h", 80);
  second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(second.take().empty());
  first.close();
  world.settle();
  CHECK_THAT(second.take(), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("whatever step of the server fails, it serves the next connection",
          "[net][http_server]") {
  // Every stream that the server accepts fails at its n-th step.
  class failing_listener final : public net::listener {
   public:
    failing_listener(net::listener& lower, test::fault_steps& faults)
        : lower_(lower), faults_(faults) {}
    awaitable<result<std::unique_ptr<net::stream>>> accept() override {
      auto made = co_await lower_.accept();
      if (!made) co_return made.error();
      co_return test::make_failing_stream(std::move(*made), faults_);
    }
    std::string address() const override { return lower_.address(); }
    void close() noexcept override { lower_.close(); }

   private:
    net::listener& lower_;
    test::fault_steps& faults_;
  };
  auto const steps = test::fail_each_step(
      asio::error::connection_reset, [](test::fault_steps& faults) {
        test::http_world world;
        auto const lower = world.network.listen("h", 80);
        failing_listener listener(*lower, faults);
        net::http_server server(world.io.get_executor(), world.time, echo);
        world.spawn(server.serve(listener));
        world.settle();
        world.fetch(world.post("http://h/", "first"));
        auto last = world.fetch(world.post("http://h/", "last"));
        if (last.error) last = world.fetch(world.post("http://h/", "last"));
        CHECK(last.body == "POST /?\nlast");
        server.stop();
        test::run_to_end(world.io, server.drain(0s));
        CHECK(server.connections() == 0);
        CHECK(world.network.open_connections() == 0);
      });
  CHECK(steps >= 6);
}
