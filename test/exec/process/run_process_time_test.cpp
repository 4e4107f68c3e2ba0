// The same as run_process_test.cpp with scripted processes: every wait at its exact length.
#include "exec/process/run_process.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/exec/scripted_launcher.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

#include <csignal>
#include <optional>
#include <vector>

namespace corunner::exec {
namespace {

using namespace std::chrono_literals;
using kind = run_result::kind;
using signals = std::vector<int>;

struct world {
  world() {
    asio::co_spawn(io, run(), asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr e) {
                     if (e) std::rethrow_exception(e);
                   }));
    test::settle(io);
  }
  awaitable<void> run() {
    process_options const what{.arguments = {"job"}, .mark = "mark"};
    result = co_await run_process(launcher, time, what, sink);
  }
  void emit_cancel() {
    cancel.emit(asio::cancellation_type::terminal);
    test::settle(io);
  }
  void advance(std::chrono::milliseconds by) {
    time.advance(by);
    test::settle(io);
  }
  test::scripted_process& child() { return *launcher.started.at(0); }

  asio::io_context io;
  test::manual_time time{io.get_executor()};
  test::scripted_launcher launcher;
  test::collecting_sink sink;
  asio::cancellation_signal cancel;
  std::optional<run_result> result;
};

TEST_CASE("a run ends with its process when that leaves nothing", "[exec][process]") {
  world w;
  w.child().print(channel::out, "text");
  test::settle(w.io);
  CHECK(w.sink.out == "text");
  w.child().end({.exit_code = 3});
  test::settle(w.io);
  REQUIRE(w.result);
  CHECK(w.result->how == kind::ended);
  CHECK(w.result->status.exit_code == 3);
  CHECK(w.launcher.strays_ended.empty());
  CHECK_FALSE(w.child().is_owned());
}

TEST_CASE("held pipes are drained for three seconds, to the last byte", "[exec][process]") {
  world w;
  w.child().exit({});
  w.child().close(channel::err);
  test::settle(w.io);
  w.advance(2999ms);
  w.child().print(channel::out, "late");
  test::settle(w.io);
  CHECK(w.sink.out == "late");
  CHECK_FALSE(w.result);
  w.child().print(channel::out, " and last");
  w.advance(1ms);
  REQUIRE(w.result);
  CHECK(w.result->how == kind::ended);
  CHECK(w.result->cut);
  CHECK(w.sink.out == "late and last");
  CHECK(w.launcher.strays_ended == std::vector<std::string>{"mark"});
}

TEST_CASE("a cancelled process has five minutes, then it is killed", "[exec][process]") {
  world w;
  w.emit_cancel();
  CHECK(w.child().signals == signals{SIGTERM});
  w.advance(5min - 1ms);
  CHECK(w.child().signals == signals{SIGTERM});
  w.child().on_signal = [&](int) { w.child().end({.signal = SIGKILL}); };
  w.advance(1ms);
  CHECK(w.child().signals == signals{SIGTERM, SIGKILL});
  REQUIRE(w.result);
  CHECK(w.result->how == kind::canceled);
  CHECK(w.result->status.signal == SIGKILL);
  CHECK(w.launcher.strays_ended == std::vector<std::string>{"mark"});
}

TEST_CASE("what a cancelled process says before it ends is heard", "[exec][process]") {
  world w;
  w.emit_cancel();
  w.advance(1min);
  w.child().print(channel::err, "bye");
  w.child().end({.exit_code = 1});
  test::settle(w.io);
  REQUIRE(w.result);
  CHECK(w.result->how == kind::canceled);
  CHECK(w.sink.err == "bye");
}

TEST_CASE("a second cancel changes nothing", "[exec][process]") {
  world w;
  w.emit_cancel();
  w.emit_cancel();
  w.advance(5min - 1ms);
  CHECK(w.child().signals == signals{SIGTERM});
  w.child().end({.exit_code = 1});
  test::settle(w.io);
  CHECK(w.result->how == kind::canceled);
}

TEST_CASE("a process that survives SIGKILL is given up after ten seconds", "[exec][process]") {
  world w;
  w.emit_cancel();
  w.advance(5min);
  w.advance(10s - 1ms);
  CHECK_FALSE(w.result);
  w.advance(1ms);
  REQUIRE(w.result);
  CHECK(w.result->how == kind::canceled);
  CHECK(w.result->message == "failed to kill process PID=1001, likely process is dormant");
  w.child().end({});
}

TEST_CASE("a process that cannot be asked is killed at once", "[exec][process]") {
  world w;
  w.child().signal_failure = asio::error::no_permission;
  w.emit_cancel();
  CHECK(w.child().signals == signals{SIGTERM, SIGKILL});
  CHECK(w.result);
}

}  // namespace
}  // namespace corunner::exec
