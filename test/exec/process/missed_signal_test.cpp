// Whom a SIGTERM misses because it comes between two commands of a shell.
#include "exec/process/missed_signal.hpp"

#include "exec/process/posix_launcher.hpp"
#include "exec/process/run_process.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/exec/real_loop.hpp"
#include "test/exec/process/isolation.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <chrono>

namespace corunner::exec {
namespace {

using namespace std::chrono_literals;
using pids = std::vector<int>;

TEST_CASE("a newcomer is meant when its parent had no child as the signal was sent",
          "[exec][process]") {
  process_facts const leader{.pid = 10, .parent = 1, .group = 10};
  process_facts const subshell{.pid = 11, .parent = 10, .group = 10};
  process_facts const command{.pid = 12, .parent = 11, .group = 10};
  process_facts const of_trap{.pid = 13, .parent = 10, .group = 10};
  missed_signal missed;
  missed.look({leader, subshell});
  CHECK(missed.newcomers({leader, subshell}).empty());
  CHECK(missed.newcomers({leader, subshell, command}) == pids{12});
  // The leader had one: it does now what its trap says.
  CHECK(missed.newcomers({leader, subshell, of_trap}).empty());
  missed.look({leader, subshell, command});
  CHECK(missed.newcomers({leader, subshell, command, of_trap}).empty());
}

TEST_CASE("the members of a group are known with their parents", "[exec][process]") {
  auto const us = facts_of(::getpid());
  REQUIRE(us);
  CHECK(us->parent == ::getppid());
  CHECK(us->group == ::getpgrp());
  bool found = false;
  for (auto const& each : members_of_group(us->group)) found = found || each.pid == us->pid;
  CHECK(found);
  CHECK_FALSE(facts_of(-5));
}

struct world {
  test::without_children at_the_beginning;
  test::real_loop loop;
  posix_launcher launcher{loop.io.get_executor(), loop.time};
  test::collecting_sink sink;

  // Cancelled as soon as it prints.
  run_result sh(std::string script) {
    sink.on_write = [this] { loop.cancel.emit(asio::cancellation_type::terminal); };
    process_options what;
    what.arguments = {"sh"};
    what.input = std::move(script);
    what.mark = test::own_mark();
    run_options const how{.ladder = {.terminate = 60s, .newcomers = 200ms}};
    return loop.run(run_process(launcher, loop.time, what, sink, how));
  }
};

TEST_CASE("a command that began as the signal came is asked to end, too", "[exec][process]") {
  world w;
  auto const begin = std::chrono::steady_clock::now();
  // Between two commands when the signal comes; the next one is the sleep.
  auto const ran = w.sh("trap 'sleep 60; exit 4' TERM; echo ready; while :; do :; done");
  CHECK(ran.how == run_result::kind::canceled);
  CHECK(ran.status == exit_status{.exit_code = 4});
  CHECK(std::chrono::steady_clock::now() - begin < 30s);
}

TEST_CASE("what a trap runs when its shell's command has ended is left alone", "[exec][process]") {
  world w;
  // The child that prints is the one that sleeps: it is there when the signal comes.
  auto const ran = w.sh(
      "trap 'sleep 1 && echo cleaned; exit 4' TERM; sh -c 'echo ready; exec sleep 60'; echo never");
  CHECK(ran.status == exit_status{.exit_code = 4});
  CHECK(w.sink.out == "ready\ncleaned\n");
}

}  // namespace
}  // namespace corunner::exec
