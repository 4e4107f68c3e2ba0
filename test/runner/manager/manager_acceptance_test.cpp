// Jobs that the server gives out more than once.

#include "test/runner/manager/manager_world.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::test {

using namespace std::chrono_literals;

TEST_CASE("a job that is given out again while it is here is not begun a second time",
          "[manager]") {
  manager_world w;
  w.values.concurrent = 2;
  w.entry("glrt-a");
  int given = 0;
  w.on_poll = [&given](asked_call const&) {
    return ++given > 2 ? told{} : manager_world::job(1, "sleep 20s");
  };
  w.start();
  w.run_for(10s);
  CHECK(given >= 2);
  CHECK(w.jobs().running_jobs() == 1);
  CHECK(w.dummies().prepared == 1);
  CHECK(w.logged("given out again") == 1);
  CHECK(w.jobs().slots_taken() <= 2);
  w.run_for(15s);
  CHECK(w.states_of(1).back() == "success");
  CHECK(w.jobs().running_jobs() == 0);
}

}  // namespace corunner::test
