#include "runner/wrapper/process_wrapper.hpp"

#include "test/runner/wrapper/wrapper_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using test::wrapper_world;
using signals = std::vector<int>;

namespace {

constexpr exec::exit_status good{};
constexpr exec::exit_status bad{.exit_code = 1};

shutdown_callback callback(std::string url, std::string method = "",
                           net::http_fields headers = {}) {
  return {.url = std::move(url), .method = std::move(method), .headers = std::move(headers)};
}

std::string const answered = "HTTP/1.1 204 No Content\r\n\r\n";

}  // namespace

TEST_CASE("a wrapped process prints where we do and leads a group of its own", "[wrapper]") {
  wrapper_world world;
  world.start();
  auto const& how = world.child().options;
  CHECK(how.arguments == std::vector<std::string>{"program", "run"});
  CHECK(how.shares_output);
  CHECK_FALSE(how.shares_input_and_group);
  CHECK(world.status() == "running");
}

TEST_CASE("the wrapper stays when its process has ended, and tells how", "[wrapper]") {
  wrapper_world world;
  world.start();
  world.exit(bad);
  CHECK(world.status() == "stopped");
  CHECK(world.wrapper->status().failure_reason == "exit status 1");
  CHECK(world.said("No shutdown callback registered; skipping"));
  CHECK_FALSE(world.ended);
  world.stop_wrapper();
  CHECK(world.ended == wrapper_end::finished);
  CHECK(world.said("No process to shutdown; exiting"));
  CHECK(world.child().signals.empty());
}

TEST_CASE("a process that ends well has no failure, one that is killed has the signal",
          "[wrapper]") {
  wrapper_world world;
  world.start();
  SECTION("well") {
    world.exit(good);
    CHECK(world.wrapper->status().failure_reason.empty());
  }
  SECTION("killed") {
    world.exit({.signal = SIGKILL});
    CHECK(world.wrapper->status().failure_reason == "signal: killed");
  }
}

TEST_CASE("the wrapper stays when its process cannot be started", "[wrapper]") {
  wrapper_world world;
  world.launcher.launch_failure = make_error_code(boost::system::errc::permission_denied);
  world.start();
  CHECK(world.status() == "stopped");
  CHECK(world.wrapper->status().failure_reason == "failed to start process: Permission denied");
  CHECK_FALSE(world.ended);
  world.stop_wrapper();
  CHECK(world.ended == wrapper_end::finished);
}

TEST_CASE("a graceful shutdown is QUIT, a forceful one TERM", "[wrapper]") {
  wrapper_world world;
  world.start();
  CHECK_FALSE(world.wrapper->shut_down_gracefully({}));
  CHECK(world.child().signals == signals{SIGQUIT});
  CHECK(world.status() == "in_shutdown");
  CHECK_FALSE(world.wrapper->shut_down_forcefully());
  CHECK(world.child().signals == signals{SIGQUIT, SIGTERM});
  CHECK(world.status() == "in_shutdown");
  world.exit(good);
  CHECK(world.status() == "stopped");
  CHECK_FALSE(world.wrapper->shut_down_gracefully({}));
  CHECK_FALSE(world.wrapper->shut_down_forcefully());
  CHECK(world.status() == "stopped");
  CHECK(world.child().signals.size() == 2);
}

TEST_CASE("a signal that cannot be sent is the supervisor's to know", "[wrapper]") {
  wrapper_world world;
  world.start();
  world.child().signal_failure = make_error_code(boost::system::errc::operation_not_permitted);
  CHECK(world.wrapper->shut_down_gracefully(callback("http://supervisor/")) ==
        "could not send graceful shutdown signal: Operation not permitted");
  CHECK(world.wrapper->shut_down_forcefully() ==
        "could not send forceful shutdown signal: Operation not permitted");
  CHECK(world.status() == "running");
  world.stop_wrapper();
  CHECK(world.ended == wrapper_end::cannot_terminate);
  CHECK(world.said("could not send SIGTERM: Operation not permitted"));
}

TEST_CASE("other signals are passed on as long as there is a process", "[wrapper]") {
  wrapper_world world;
  world.start();
  world.wrapper->pass_on(SIGHUP);
  CHECK(world.child().signals == signals{SIGHUP});
  world.exit(good);
  world.wrapper->pass_on(SIGHUP);
  CHECK(world.child().signals.size() == 1);
}

TEST_CASE("the wrapper's own end is TERM for its process, and waits for it", "[wrapper]") {
  wrapper_world world;
  world.start();
  world.stop_wrapper();
  CHECK(world.child().signals == signals{SIGTERM});
  world.advance(9s);
  CHECK_FALSE(world.ended);
  world.exit(bad);
  CHECK(world.ended == wrapper_end::finished);
  CHECK(world.said("Wrapped application exited"));
  CHECK(world.said("exit status 1"));
  CHECK(world.status() == "stopped");
}

TEST_CASE("a process that does not end in time is let go", "[wrapper]") {
  wrapper_world world;
  world.start();
  world.stop_wrapper();
  world.advance(10s);
  CHECK(world.ended == wrapper_end::timed_out);
  CHECK(world.said("Failed while executing wrapped command"));
  CHECK(world.said("timed out waiting for process to exit"));
  CHECK(world.child().signals == signals{SIGTERM});
  CHECK(world.wrapper->pid() == 1001);
}

TEST_CASE("a supervisor is told of the end once, as it asked for it", "[wrapper]") {
  wrapper_world world;
  auto& supervisor = world.script("supervisor", 80, {{answered}});
  world.start();
  net::http_fields headers{{"X-Token", "secret"}, {"Host", "elsewhere"}};
  world.wrapper->shut_down_gracefully(callback("http://supervisor/done?id=1", "PUT", headers));
  CHECK(supervisor.received.empty());
  world.exit(good);
  REQUIRE(supervisor.received.size() == 1);
  auto const& request = supervisor.received[0];
  CHECK(request.starts_with("PUT /done?id=1 HTTP/1.1\r\n"));
  CHECK(request.find("Host: supervisor\r\n") != std::string::npos);
  CHECK(request.find("elsewhere") == std::string::npos);
  CHECK(request.find("X-Token: secret\r\n") != std::string::npos);
  CHECK(request.find("Content-Length: 0\r\n") != std::string::npos);
  CHECK(world.said("Running shutdown callback call"));
  CHECK(world.said("Received shutdown callback response"));
  CHECK(world.said("status=\"204 No Content\""));
  CHECK_FALSE(world.ended);
}

TEST_CASE("a callback without a method is a GET", "[wrapper]") {
  wrapper_world world;
  auto& supervisor = world.script("supervisor", 80, {{answered}});
  world.start();
  world.wrapper->shut_down_gracefully(callback("http://supervisor"));
  world.exit(good);
  REQUIRE(supervisor.received.size() == 1);
  CHECK(supervisor.received[0].starts_with("GET / HTTP/1.1\r\n"));
}

TEST_CASE("a callback that fails is logged and not repeated", "[wrapper]") {
  wrapper_world world;
  world.start();
  SECTION("the URL is none") {
    world.wrapper->shut_down_gracefully(callback("supervisor"));
    world.exit(good);
    CHECK(world.said("Could not create shutdown callback request"));
  }
  SECTION("nobody is there") {
    world.wrapper->shut_down_gracefully(callback("http://supervisor/"));
    world.exit(good);
    CHECK(world.said("Shutdown callback request failure"));
    CHECK(world.network.dialed().size() == 1);
  }
  SECTION("the method is none") {
    world.wrapper->shut_down_gracefully(callback("http://supervisor/", "A B\r\n"));
    world.script("supervisor", 80, {{answered}});
    world.exit(good);
    CHECK(world.said("Shutdown callback request failure"));
  }
  SECTION("no answer comes within 10 s") {
    auto& supervisor = world.script("supervisor", 80, {{"..."}});
    world.wrapper->shut_down_gracefully(callback("http://supervisor/"));
    world.exit(good);
    CHECK(supervisor.received.size() == 1);
    world.advance(9s);
    CHECK_FALSE(world.said("request failure"));
    world.advance(1s);
    CHECK(world.said("Shutdown callback request failure"));
  }
  world.advance(60s);
  CHECK(world.status() == "stopped");
  CHECK_FALSE(world.ended);
}

TEST_CASE("the wrapper's own end does not wait for a callback", "[wrapper]") {
  wrapper_world world;
  world.script("supervisor", 80, {{"..."}});
  world.start();
  world.wrapper->shut_down_gracefully(callback("http://supervisor/"));
  world.exit(good);
  world.stop_wrapper();
  CHECK(world.ended == wrapper_end::finished);
  CHECK_FALSE(world.said("request failure"));
}
