#include "runner/coordinator/load_mode.hpp"
#include "test/runner/coordinator/fake_exchange.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

struct load_world {
  asio::io_context io{1};
  test::manual_time time{io.get_executor()};
  coordinator::load_mode load;

  explicit load_world(coordinator::load_options how)
      : load(io.get_executor(), time, std::move(how)) {}

  std::shared_ptr<test::fake_exchange> call(std::string method, std::string path, std::string body,
                                            net::http_fields fields = {}) {
    auto exchange = std::make_shared<test::fake_exchange>();
    exchange->method = std::move(method);
    exchange->path = "/api/v4" + path;
    exchange->fields = std::move(fields);
    exchange->request_body = std::move(body);
    auto work = [](coordinator::load_mode& by,
                   std::shared_ptr<test::fake_exchange> one) -> awaitable<void> {
      co_await by.handle(*one);
    };
    asio::co_spawn(io, work(load, exchange), [exchange](std::exception_ptr) {});
    test::settle(io);
    return exchange;
  }
};

}  // namespace

TEST_CASE("the load mode hands out so many jobs and checks what comes back",
          "[coordinator][load]") {
  coordinator::load_options how;
  how.jobs = 2;
  how.script = {"echo hi"};
  load_world world(how);
  auto const first =
      boost::json::parse(world.call("POST", "/jobs/request", R"({"token":"x"})")->body);
  CHECK(first.at("steps").at(0).at("script").at(0) == "echo hi");
  CHECK(world.call("PUT", "/jobs/1", R"({"state":"running"})")->status == 200);
  net::http_fields const range{{"Content-Range", "0-12"}};
  CHECK(world.call("PATCH", "/jobs/1/trace", "My trace send", range)->status == 202);
  auto const again = world.call("PATCH", "/jobs/1/trace", "My trace send", range);
  CHECK(again->status == 416);
  CHECK(again->answer.get("Range") == "0-13");
  world.call("PUT", "/jobs/1",
             R"({"state":"success","output":{"checksum":"crc32:528def35","bytesize":13}})");
  CHECK(world.load.counts().bad_traces == 0);

  CHECK(world.call("POST", "/jobs/request", R"({"token":"x"})")->status == 201);
  world.call("PUT", "/jobs/2", R"({"state":"failed","output":{"checksum":"crc32:00000001"}})");
  CHECK(world.load.counts().bad_traces == 1);
  CHECK(world.load.counts().failed == 1);
  CHECK(world.call("PUT", "/jobs/2", R"({"state":"failed"})")->status == 403);

  bool ended = false;
  auto wait = [](coordinator::load_mode& load, bool& flag) -> awaitable<void> {
    flag = !(co_await load.all_ended());
  };
  test::run_to_end(world.io, wait(world.load, ended));
  CHECK(ended);
  auto const counts = boost::json::parse(world.call("GET", "/_test/counts", "")->body);
  CHECK(counts.at("trace_bytes") == 13);
  CHECK(counts.at("bad_ranges") == 1);
}

TEST_CASE("without jobs left a poll that knows is held until the end", "[coordinator][load]") {
  load_world world({});
  auto const first = world.call("POST", "/jobs/request", R"({"token":"x"})");
  CHECK(first->status == 204);
  CHECK(first->answer.get("X-GitLab-Last-Update") == "load");
  auto const held = world.call("POST", "/jobs/request", R"({"token":"x","last_update":"load"})");
  CHECK_FALSE(held->finished);
  world.load.stop();
  test::settle(world.io);
  CHECK(held->status == 204);
}
