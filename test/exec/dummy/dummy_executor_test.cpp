#include "exec/dummy/dummy_executor.hpp"

#include "exec/script/shell_writer.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>

#include <optional>
#include <stdexcept>
#include <string>

namespace corunner::exec {
namespace {

using namespace std::chrono_literals;
using kind = stage_outcome::kind;

struct job {
  // Begins a stage; `outcome` is there once it has ended.
  void start(std::string script) {
    outcome.reset();
    asio::co_spawn(io, run(std::move(script)),
                   asio::bind_cancellation_slot(cancel.slot(), [this](std::exception_ptr e) {
                     failure = e;
                   }));
    test::settle(io);
  }
  void advance(std::chrono::milliseconds by) {
    time.advance(by);
    test::settle(io);
  }
  void emit_cancel() {
    cancel.emit(asio::cancellation_type::terminal);
    test::settle(io);
  }
  awaitable<void> run(std::string script) {
    stage const what{.name = "step_script", .script = std::move(script)};
    outcome = co_await executor.run(what, *output);
  }

  asio::io_context io;
  test::manual_time time{io.get_executor()};
  dummy_world world;
  dummy_executor executor{time, world};
  test::collecting_sink sink;
  output_sink* output = &sink;
  asio::cancellation_signal cancel;
  std::optional<stage_outcome> outcome;
  std::exception_ptr failure;
};

TEST_CASE("a dummy script prints, waits on the time source and exits", "[exec][dummy]") {
  job j;
  j.start("print one\nerror two\nsleep 1h\nraw three\nrepeat 2 x\nexit 3\nprint never\n");
  CHECK(j.sink.all == "one\ntwo\n");
  CHECK(j.sink.err == "two\n");
  CHECK_FALSE(j.outcome);
  j.advance(59min);
  CHECK_FALSE(j.outcome);
  j.advance(1min);
  REQUIRE(j.outcome);
  CHECK(j.outcome->how == kind::exited);
  CHECK(j.outcome->exit_code == 3);
  CHECK(j.outcome->message == "exit status 3");
  CHECK(j.sink.out == "one\nthreex\nx\n");
}

TEST_CASE("a dummy script that reaches its end succeeded", "[exec][dummy]") {
  job j;
  j.start("print last");
  REQUIRE(j.outcome);
  CHECK(j.outcome->ok());
}

TEST_CASE("a dummy stage can die, fail and meet unknown commands", "[exec][dummy]") {
  job j;
  j.start("signal 11");
  CHECK(j.outcome->how == kind::signaled);
  CHECK(j.outcome->message == "signal: segmentation fault");
  j.start("fail no disk");
  CHECK(j.outcome->how == kind::failed);
  CHECK(j.outcome->message == "no disk");
  j.start("make all");
  CHECK(j.outcome->exit_code == 127);
  CHECK(j.sink.err == "dummy: make: command not found\n");
}

TEST_CASE("a hanging dummy stage ends by cancel, a stubborn one later", "[exec][dummy]") {
  job j;
  j.start("hang");
  j.advance(24h);
  CHECK_FALSE(j.outcome);
  j.emit_cancel();
  REQUIRE(j.outcome);
  CHECK(j.outcome->how == kind::canceled);

  j.start("stubborn 10s\nhang");
  j.emit_cancel();
  CHECK_FALSE(j.outcome);
  j.advance(10s);
  REQUIRE(j.outcome);
  CHECK(j.outcome->how == kind::canceled);
}

TEST_CASE("a long dummy output comes in blocks and leaves others their turn", "[exec][dummy]") {
  job j;
  bool others = false;
  j.sink.on_write = [&] {
    if (j.sink.out.size() < 100'000) asio::post(j.io, [&] { others = !j.outcome.has_value(); });
  };
  j.start("repeat 100000 four");
  REQUIRE(j.outcome);
  CHECK(j.sink.out.size() == 500'000);
  CHECK(j.sink.largest < 40'000);
  CHECK(others);
}

TEST_CASE("the world counts environments and what they leak", "[exec][dummy]") {
  job j;
  test::run_to_end(j.io, [](job& one) -> awaitable<void> {
    job_environment const environment;
    CHECK_FALSE((co_await one.executor.prepare(environment)).has_value());
  }(j));
  CHECK(j.world.prepared == 1);
  j.start("leak\nleak");
  CHECK(j.world.stages == 1);
  CHECK(j.world.strays == 2);
  test::run_to_end(j.io, j.executor.cleanup());
  CHECK(j.world.strays == 0);
  CHECK(j.world.prepared == 0);
}

TEST_CASE("a preparation fails as the world says", "[exec][dummy]") {
  job j;
  j.world.fail_prepare = "no space";
  j.world.fail_prepare_reason = "runner_system_failure";
  test::run_to_end(j.io, [](job& one) -> awaitable<void> {
    job_environment const environment;
    auto const failed = co_await one.executor.prepare(environment);
    CHECK(failed.has_value());
    CHECK(failed->message == "no space");
    CHECK(failed->failure_reason == "runner_system_failure");
  }(j));
  CHECK(j.world.prepared == 0);
}

class broken_sink final : public output_sink {
 public:
  awaitable<void> write(channel, std::string_view) override {
    throw std::runtime_error("disk full");
    co_return;
  }
};

TEST_CASE("output that nobody can take ends a dummy stage with that failure", "[exec][dummy]") {
  job j;
  broken_sink broken;
  j.output = &broken;
  j.start("print x\nhang");
  CHECK_FALSE(j.outcome);
  CHECK(j.failure != nullptr);
}

TEST_CASE("the dummy shell leaves the user's commands and the log lines", "[exec][dummy]") {
  job j;
  auto const w = make_shell_writer({.shell = "dummy"});
  w->variable("A", "a");
  w->running_on("");
  w->if_file("/etc/passwd");
  w->notice("not taken");
  w->if_command({"true"});
  w->notice("nor this");
  w->end_if();
  w->otherwise();
  w->notice("taken");
  w->end_if();
  w->command({"rm", "-rf", "/"});
  w->user_commands({"echo a\\\\b", "exit 2"}, "script_step");
  j.start(w->finish(false));
  REQUIRE(j.outcome);
  CHECK(j.outcome->exit_code == 2);
  CHECK(j.sink.out ==
        "Running on dummy...\n\x1b[32;1mtaken\x1b[0;m\n"
        "\x1b[32;1m$ echo a\\\\b\x1b[0;m\na\\b\n\x1b[32;1m$ exit 2\x1b[0;m\n");
}

}  // namespace
}  // namespace corunner::exec
