#include "exec/process/kill_ladder.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::exec {
namespace {

using namespace std::chrono_literals;
using action = kill_ladder::action;
using step = kill_ladder::step;

constexpr kill_ladder_options patience{.terminate = 300s, .kill = 10s};

TEST_CASE("a process that stays is asked, then killed, then given up", "[exec][process]") {
  kill_ladder ladder(patience);
  CHECK(ladder.start() == step{action::terminate, 5s});
  CHECK(ladder.still_there() == step{action::terminate_newcomers, 295s});
  CHECK(ladder.still_there() == step{action::kill, 10s});
  CHECK(ladder.still_there() == step{action::give_up, 0s});
  CHECK(ladder.still_there() == step{action::give_up, 0s});
}

TEST_CASE("a signal that cannot be sent is not waited for", "[exec][process]") {
  kill_ladder ladder(patience);
  ladder.start();
  CHECK(ladder.signal_failed() == step{action::kill, 10s});
  CHECK(ladder.signal_failed() == step{action::give_up, 0s});
}

TEST_CASE("the ladder allows a job five minutes, then kills before its slot is free",
          "[exec][process]") {
  kill_ladder ladder(kill_ladder_options{});
  CHECK(ladder.start().wait + ladder.still_there().wait == 5min);
  CHECK(ladder.still_there() == step{action::kill, 10s});
}

TEST_CASE("who has little time is not asked again", "[exec][process]") {
  kill_ladder ladder({.terminate = 5s, .kill = 10s});
  CHECK(ladder.start() == step{action::terminate, 5s});
  CHECK(ladder.still_there() == step{action::kill, 10s});
}

}  // namespace
}  // namespace corunner::exec
