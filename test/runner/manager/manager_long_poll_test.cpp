// Long polling, over a GitLab in memory that holds a request as long as nothing has changed.

#include "test/runner/manager/manager_world.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;
using times = std::vector<double>;

// Holds what has its present value for 5 s and then says nothing new; else tells the value at once.
struct holding_world : manager_world {
  holding_world() {
    on_poll = [this](asked_call const& call) {
      if (call.text("last_update") == value) return told{.after = 5s};
      return told{.fields = {{"X-GitLab-Last-Update", value}}};
    };
  }
  std::vector<std::string> sent(std::string_view token = {}) const {
    std::vector<std::string> out;
    for (auto const& each : polls()) {
      if (!token.empty() && each.text("token") != token) continue;
      out.push_back(each.has("last_update") ? each.text("last_update") : "-");
    }
    return out;
  }
  std::string value = "v1";
};

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("last_update is sent once it is known, and the next request follows a held one at once",
          "[manager][long_poll]") {
  // GitLab Runner waits for the next tick after a held request: 3, 9, 15.
  holding_world w;
  w.entry("glrt-a");
  w.start();
  w.run_for(12s);
  CHECK(w.polled_at() == times{0, 3, 8});
  CHECK(w.sent() == texts{"-", "v1", "v1"});
  w.value = "v2";
  w.run_for(8s);
  CHECK(w.sent() == texts{"-", "v1", "v1", "v1", "v2"});
}

TEST_CASE("entries of different tokens have a last_update each", "[manager][long_poll]") {
  holding_world w;
  w.values.concurrent = 2;
  w.entry("glrt-a");
  w.entry("glrt-b");
  w.on_poll = [](asked_call const& call) {
    return told{.fields = {{"X-GitLab-Last-Update", "of " + call.text("token")}}};
  };
  w.start();
  w.run_for(7s);
  CHECK(w.sent("glrt-a") == texts{"-", "of glrt-a", "of glrt-a"});
  CHECK(w.sent("glrt-b") == texts{"-", "of glrt-b"});
}

TEST_CASE(
    "an entry whose token is changed begins without last_update, its held request is given up",
    "[manager][long_poll]") {
  holding_world w;
  w.entry("glrt-a");
  w.start();
  w.run_for(4s);
  REQUIRE(w.sent() == texts{"-", "v1"});
  w.reconfigure([](config::configuration& to) { to.runners[0].token = secret("glrt-b"); });
  w.run_for(100ms);
  CHECK(w.sent("glrt-b") == texts{"-"});
}

TEST_CASE("a stop does not wait for a held request", "[manager][long_poll]") {
  holding_world w;
  w.entry("glrt-a");
  w.start();
  w.run_for(4s);
  w.jobs().stop_gracefully();
  settle(w.io);
  CHECK(w.ended() == manager_end::stopped);
}

TEST_CASE("held requests leave no slot too few: one for each free slot, the others ask as usual",
          "[manager][long_poll]") {
  holding_world w;
  w.values.concurrent = 2;
  for (auto const* token : {"glrt-a", "glrt-b", "glrt-c"}) w.entry(token);
  w.start();
  w.run_for(60s);
  for (auto const* token : {"glrt-a", "glrt-b", "glrt-c"}) {
    CAPTURE(token);
    auto const asked = w.polled_at(token);
    REQUIRE(asked.size() >= 12);
    for (std::size_t i = 1; i < asked.size(); ++i) CHECK(asked[i] - asked[i - 1] <= 5.1);
  }
}

}  // namespace corunner::test
