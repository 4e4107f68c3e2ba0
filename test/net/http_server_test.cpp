#include "net/http_server.hpp"

#include "net/error.hpp"
#include "test/net/http_world.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

awaitable<void> echo(net::http_exchange& exchange) {
  auto const body = co_await exchange.read_all(1 << 20);
  auto text = exchange.method + ' ' + exchange.path + '?' + exchange.query + '\n' +
              (body ? *body : body.error().message());
  net::http_fields fields{{"Content-Type", "text/plain"}};
  co_await exchange.respond(200, std::move(fields), std::move(text));
}

struct served_world : test::http_world {
  explicit served_world(net::http_handler handler, net::http_server_limits limits = {})
      : server(io.get_executor(), time, std::move(handler), limits),
        listener(network.listen("h", 80)) {
    server.failed = [this](std::string const& text) { failures.push_back(text); };
    spawn(server.serve(*listener));
    settle();
  }
  ~served_world() {
    server.stop();
    test::run_to_end(io, server.drain(0s));
  }
  net::http_server server;
  std::unique_ptr<net::listener> listener;
  std::vector<std::string> failures;
};

}  // namespace

TEST_CASE("the server answers what its handler says, on one connection", "[net][http_server]") {
  served_world world(echo);
  auto const first = world.fetch(world.post("http://h/a/b?c=d", "body"));
  CHECK(first.status == 200);
  CHECK(first.body == "POST /a/b?c=d\nbody");
  auto const second = world.fetch(world.get("http://h/"));
  CHECK(second.body == "GET /?\n");
  CHECK(world.network.dialed().size() == 1);
}
