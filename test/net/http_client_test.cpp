#include "net/http_client.hpp"

#include "net/error.hpp"
#include "test/net/http_world.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using test::http_world;

TEST_CASE("a request and its answer cross, and the connection is used again", "[net][http_client]") {
  http_world world;
  auto const listener = world.network.listen("gitlab.test", 80);
  test::scripted_peer peer;
  world.spawn(peer.serve(*listener, {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello",
                                      "HTTP/1.1 204 No Content\r\n\r\n"}}));
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
