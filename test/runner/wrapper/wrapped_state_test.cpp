#include "runner/wrapper/wrapped_state.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

shutdown_callback callback(std::string url) {
  return {.url = std::move(url), .method = "GET", .headers = {}};
}

}  // namespace

TEST_CASE("a wrapped process is unknown, runs, is in shutdown and stops", "[wrapper]") {
  wrapped_state state;
  CHECK(name_of(state.answer().status) == "unknown");
  CHECK_FALSE(state.alive());
  state.started();
  CHECK(name_of(state.answer().status) == "running");
  CHECK(state.alive());
  state.shutdown_begun({});
  CHECK(name_of(state.answer().status) == "in_shutdown");
  CHECK(state.alive());
  state.ended("");
  CHECK(name_of(state.answer().status) == "stopped");
  CHECK(state.answer().failure_reason.empty());
  CHECK_FALSE(state.alive());
}

TEST_CASE("a wrapped process that cannot be started has stopped, with the reason", "[wrapper]") {
  wrapped_state state;
  state.ended("failed to start process: no such file");
  CHECK(state.answer().status == wrapped_status::stopped);
  CHECK(state.answer().failure_reason == "failed to start process: no such file");
}

TEST_CASE("a shutdown without a process changes nothing", "[wrapper]") {
  wrapped_state state;
  state.shutdown_begun(callback("http://h/"));
  CHECK(state.answer().status == wrapped_status::unknown);
  state.started();
  state.ended("");
  state.shutdown_begun(callback("http://h/"));
  CHECK(state.answer().status == wrapped_status::stopped);
  CHECK_FALSE(state.take_callback());
}

TEST_CASE("the callback is taken once, after the end", "[wrapper]") {
  wrapped_state state;
  state.started();
  state.shutdown_begun(callback("http://h/1"));
  CHECK_FALSE(state.take_callback());
  state.ended("");
  CHECK(state.take_callback()->url == "http://h/1");
  CHECK_FALSE(state.take_callback());
}

TEST_CASE("the last callback counts, one without a URL does not", "[wrapper]") {
  wrapped_state state;
  state.started();
  state.shutdown_begun(callback("http://h/1"));
  state.shutdown_begun(callback("http://h/2"));
  state.shutdown_begun(callback(""));
  state.ended("exit status 1");
  CHECK(state.take_callback()->url == "http://h/2");
}
