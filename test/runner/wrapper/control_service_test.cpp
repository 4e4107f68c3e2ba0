#include "runner/wrapper/control_service.hpp"

#include "net/grpc/framing.hpp"
#include "test/runner/wrapper/wrapper_world.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

// A supervisor's calls, without the connection between.
struct control_world : test::wrapper_world {
  control_world() {
    start();
    control.emplace(*wrapper, logger(target));
    control->add_to(server);
  }

  net::http2_response call(std::string const& method, std::string const& message = "") {
    net::http2_request request;
    request.method = "POST";
    request.path = "/gitlab_com.gitlab_runner.runner_wrapper.ProcessWrapper/" + method;
    request.fields.add("content-type", "application/grpc");
    request.body = net::grpc_frame(message);
    net::http2_response response;
    test::run_to_end(io, answer(std::move(request), response));
    return response;
  }

  net::grpc_server server{time};
  std::optional<control_service> control;

 private:
  awaitable<void> answer(net::http2_request request, net::http2_response& into) {
    into = co_await server.handle(std::move(request));
  }
};

std::string const running = net::grpc_frame("\x08\x01");
std::string const in_shutdown = net::grpc_frame("\x08\x02");

}  // namespace

TEST_CASE("a supervisor asks for the status and for the end", "[wrapper]") {
  control_world world;
  CHECK(world.call("CheckStatus").body == running);
  CHECK(world.call("InitGracefulShutdown").body == in_shutdown);
  CHECK(world.call("InitForcefulShutdown").body == in_shutdown);
  CHECK(world.child().signals == std::vector<int>{SIGQUIT, SIGTERM});
  world.exit({.exit_code = 3});
  auto const stopped = net::grpc_frame("\x08\x03\x12\x0d" "exit status 3");
  for (auto const* const method : {"CheckStatus", "InitGracefulShutdown", "InitForcefulShutdown"}) {
    auto const response = world.call(method);
    CHECK(response.body == stopped);
    CHECK(response.trailers.get("grpc-status") == "0");
  }
}

TEST_CASE("a supervisor's request that cannot be read changes nothing", "[wrapper]") {
  control_world world;
  for (auto const* const method : {"CheckStatus", "InitGracefulShutdown", "InitForcefulShutdown"}) {
    CHECK(world.call(method, "\x0a").fields.get("grpc-status") == "13");
  }
  CHECK(world.call("Other").fields.get("grpc-status") == "12");
  CHECK(world.child().signals.empty());
  CHECK(world.call("CheckStatus").body == running);
}

TEST_CASE("a supervisor is told when the signal cannot be sent", "[wrapper]") {
  control_world world;
  world.child().signal_failure = make_error_code(boost::system::errc::operation_not_permitted);
  auto const response = world.call("InitGracefulShutdown");
  CHECK(response.fields.get("grpc-status") == "2");
  CHECK(response.fields.get("grpc-message") ==
        "could not send graceful shutdown signal: Operation not permitted");
}
