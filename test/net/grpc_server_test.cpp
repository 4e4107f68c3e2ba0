#include "net/grpc/server.hpp"

#include "net/event.hpp"
#include "net/grpc/framing.hpp"
#include "net/task_group.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using net::grpc_code;

namespace {

// `/s/Echo` gives back its message, `/s/Refuse` fails, `/s/Wait` never ends by itself.
struct grpc_world {
  grpc_world() {
    server.add("/s/Echo", [](std::string_view message) { return echo(message); });
    server.add("/s/Refuse", [](std::string_view) { return refuse(); });
    server.add("/s/Wait", [this](std::string_view) { return wait(); });
  }
  ~grpc_world() {
    children.cancel();
    test::run_to_end(io, children.join());
  }

  static net::http2_request request(std::string path, std::string const& message = "x") {
    net::http2_request made;
    made.method = "POST";
    made.path = std::move(path);
    made.fields.add("content-type", "application/grpc+proto");
    made.body = net::grpc_frame(message);
    return made;
  }
  net::http2_response call(net::http2_request what) {
    begin(std::move(what));
    REQUIRE(done);
    return *done;
  }
  void begin(net::http2_request what) {
    done.reset();
    children.spawn(run(std::move(what)));
    test::settle(io);
  }
  // grpc-status of a call that has no other answer.
  std::string refused(net::http2_request what) {
    auto const response = call(std::move(what));
    CHECK(response.status == 200);
    CHECK(response.body.empty());
    CHECK(response.trailers.size() == 0);
    return std::string(response.fields.get("grpc-status"));
  }

  asio::io_context io;
  test::manual_time time{io.get_executor()};
  net::grpc_server server{time, {.message = 100}};
  std::optional<net::http2_response> done;
  net::event never{io.get_executor()};
  int cancelled = 0;
  net::task_group children{io.get_executor()};

 private:
  static awaitable<net::grpc_reply> echo(std::string_view message) {
    net::grpc_reply reply;
    reply.message = message;
    co_return reply;
  }
  static awaitable<net::grpc_reply> refuse() {
    net::grpc_reply reply;
    reply.status = {grpc_code::not_found, "it is not there"};
    co_return reply;
  }
  awaitable<net::grpc_reply> wait() {
    if (co_await never.wait()) ++cancelled;
    co_return net::grpc_reply();
  }
  awaitable<void> run(net::http2_request what) { done = co_await server.handle(std::move(what)); }
};

}  // namespace

TEST_CASE("a call's message comes back with the status behind it", "[net][grpc]") {
  grpc_world world;
  auto const response = world.call(world.request("/s/Echo", "hello"));
  CHECK(response.status == 200);
  CHECK(response.fields.get("content-type") == "application/grpc");
  CHECK(response.body == net::grpc_frame("hello"));
  CHECK(response.trailers.get("grpc-status") == "0");
}

TEST_CASE("a call that fails has its status in the only header", "[net][grpc]") {
  grpc_world world;
  auto const response = world.call(world.request("/s/Refuse"));
  CHECK(response.fields.get("content-type") == "application/grpc");
  CHECK(response.fields.get("grpc-status") == "5");
  CHECK(response.fields.get("grpc-message") == "it is not there");
  CHECK(response.body.empty());
}

TEST_CASE("a method that nobody knows is unimplemented", "[net][grpc]") {
  grpc_world world;
  CHECK(world.refused(world.request("/s/Other")) == "12");
  CHECK(world.refused(world.request("")) == "12");
}

TEST_CASE("a compressed message is refused and what is understood is told", "[net][grpc]") {
  grpc_world world;
  auto request = world.request("/s/Echo");
  request.body[0] = 1;
  auto const response = world.call(std::move(request));
  CHECK(response.fields.get("grpc-status") == "12");
  CHECK(response.fields.get("grpc-accept-encoding") == "identity");
}

TEST_CASE("a call without a message, with two, or with a large one is refused", "[net][grpc]") {
  grpc_world world;
  auto none = world.request("/s/Echo");
  none.body.clear();
  CHECK(world.refused(std::move(none)) == "12");
  auto two = world.request("/s/Echo");
  two.body += two.body;
  CHECK(world.refused(std::move(two)) == "12");
  CHECK(world.refused(world.request("/s/Echo", std::string(101, 'x'))) == "8");
  auto cut_off = world.request("/s/Echo");
  cut_off.body_too_large = true;
  CHECK(world.refused(std::move(cut_off)) == "8");
}

TEST_CASE("what is no call of gRPC gets an answer of HTTP", "[net][grpc]") {
  grpc_world world;
  auto get = world.request("/s/Echo");
  get.method = "GET";
  CHECK(world.call(std::move(get)).status == 405);
  for (auto const* const type : {"application/json", "application/grpcx", ""}) {
    CAPTURE(type);
    auto other = world.request("/s/Echo");
    other.fields.set("content-type", type);
    CHECK(world.call(std::move(other)).status == 415);
  }
}

TEST_CASE("a call ends at its client's deadline", "[net][grpc]") {
  grpc_world world;
  auto request = world.request("/s/Wait");
  request.fields.add("grpc-timeout", "1500m");
  world.begin(std::move(request));
  world.time.advance(1499ms);
  test::settle(world.io);
  CHECK_FALSE(world.done);
  world.time.advance(1ms);
  test::settle(world.io);
  REQUIRE(world.done);
  CHECK(world.done->fields.get("grpc-status") == "4");
  CHECK(world.cancelled == 1);
}

TEST_CASE("a call without a deadline ends at the server's", "[net][grpc]") {
  grpc_world world;
  world.begin(world.request("/s/Wait"));
  world.time.advance(59s);
  test::settle(world.io);
  CHECK_FALSE(world.done);
  world.time.advance(1s);
  test::settle(world.io);
  REQUIRE(world.done);
  CHECK(world.done->fields.get("grpc-status") == "4");
}

TEST_CASE("a deadline that cannot be read is an error of the client", "[net][grpc]") {
  grpc_world world;
  auto request = world.request("/s/Echo");
  request.fields.add("grpc-timeout", "soon");
  CHECK(world.refused(std::move(request)) == "13");
}
