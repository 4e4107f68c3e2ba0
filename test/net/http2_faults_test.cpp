// The HTTP/2 server on connections that break at any byte or carry bytes in odd pieces.
#include "test/net/http2_client.hpp"
#include "test/net/http2_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>

using namespace corunner;
using test::http2_client;
using test::http2_world;

namespace {

enum class direction { to_server, to_client };

// A connection that breaks after so many bytes, then a good one. Whether the first answer came
// whole.
bool survives_break(direction where, std::uint64_t after) {
  http2_world world;
  world.network.plan = [&](net::dial_target const&, std::size_t number) {
    test::dial_plan plan;
    if (number > 0) return plan;
    (where == direction::to_server ? plan.to_server : plan.to_client).reset_after = after;
    return plan;
  };
  bool whole = false;
  {
    http2_client broken(world, "h", 80);
    auto const& reply = broken.at(broken.request("/trailed", {}, "hello"));
    whole = reply.body == "hello" && reply.closed == NGHTTP2_NO_ERROR;
  }
  CHECK(world.server.connections() == 0);
  http2_client good(world, "h", 80);
  CHECK(good.at(good.request("/trailed", {}, "hello")).trailers.get("x-last") == "end");
  CHECK(world.failures.empty());
  return whole;
}

}  // namespace

TEST_CASE("HTTP/2: a connection may break at any byte, others go on", "[net][http2]") {
  for (auto const where : {direction::to_server, direction::to_client}) {
    std::uint64_t after = 0;
    while (!survives_break(where, after)) ++after;
    CHECK(after > 50);
    CHECK(after < 500);
  }
}

TEST_CASE("HTTP/2: bytes may come in pieces of any size", "[net][http2]") {
  for (std::uint64_t seed = 0; seed != 20; ++seed) {
    CAPTURE(seed);
    http2_world world;
    world.network.plan = [&](net::dial_target const&, std::size_t) {
      test::dial_plan plan;
      plan.to_server.split_seed = plan.to_client.split_seed = seed;
      plan.to_server.piece = 1 + seed * 5;
      return plan;
    };
    http2_client client(world, "h", 80);
    std::string const body(3000, 'x');
    auto const& reply = client.at(client.request("/trailed", {{"x-given", "g"}}, body));
    CHECK(reply.fields.get("x-given") == "g");
    CHECK(reply.body == body);
    CHECK(reply.trailers.get("x-last") == "end");
  }
}
