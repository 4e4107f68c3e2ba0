#include "exec/process/run_process.hpp"

#include "exec/process/posix_launcher.hpp"
#include "exec/process/strays.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/exec/real_loop.hpp"
#include "test/exec/process/isolation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace corunner::exec {
namespace {

using namespace std::chrono_literals;
using kind = run_result::kind;

struct world {
  test::without_children at_the_beginning;
  test::real_loop loop;
  posix_launcher launcher{loop.io.get_executor(), loop.time};
  test::collecting_sink sink;

  run_result run(process_options const& what, run_options how = {}) {
    return loop.run(run_process(launcher, loop.time, what, sink, how));
  }
  run_result sh(std::string script, run_options how = {}) {
    process_options what;
    what.arguments = {"sh"};
    what.input = std::move(script);
    what.mark = test::own_mark();
    return run(what, how);
  }
  std::size_t end_strays() { return loop.run(launcher.end_strays(test::own_mark())); }
  // Whatever the line printed last is a pid.
  int printed_pid() const { return std::stoi(sink.out); }
};

bool is_alive(int pid) { return ::kill(pid, 0) == 0; }

std::size_t open_descriptors() {
  std::filesystem::directory_iterator const all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_CASE("a process gets its input and gives its output and its exit code", "[exec][process]") {
  world w;
  auto const ran = w.sh("echo out; echo err >&2; exit 42");
  CHECK(ran.how == kind::ended);
  CHECK(ran.status == exit_status{.exit_code = 42});
  CHECK(w.sink.out == "out\n");
  CHECK(w.sink.err == "err\n");
}

TEST_CASE("without input a process reads nothing", "[exec][process]") {
  world w;
  auto const ran = w.run({.arguments = {"cat"}});
  CHECK(ran.status.ok());
  CHECK(w.sink.all.empty());
}

TEST_CASE("a process that dies of a signal says which", "[exec][process]") {
  world w;
  CHECK(w.sh("kill -9 $$").status == exit_status{.signal = SIGKILL});
}

TEST_CASE("directory and environment are those that were asked for", "[exec][process]") {
  world w;
  auto const script = "pwd; echo \"$A $B ${CORUNNER_JOB_MARK-none}\"";
  auto const ran = w.run({.arguments = {"sh", "-c", script},
                          .directory = "/usr",
                          .environment = {{"A", "first"}, {"B", "b"}, {"A", "last"}}});
  CHECK(ran.status.ok());
  CHECK(w.sink.out == "/usr\nlast b none\n");
}

TEST_CASE("what cannot be started says why", "[exec][process]") {
  world w;
  auto const unknown = w.run({.arguments = {"no-such-program"}});
  CHECK(unknown.how == kind::not_started);
  CHECK(unknown.message == "exec: \"no-such-program\": executable file not found in $PATH");
  CHECK(w.run({.arguments = {"/no/such"}}).message ==
        "fork/exec /no/such: no such file or directory");
  CHECK(w.run({.arguments = {"sh"}, .directory = "/no/such"}).message ==
        "chdir /no/such: no such file or directory");
}

TEST_CASE("a process sees no descriptor but its own three", "[exec][process]") {
  world w;
  int const leaky = ::dup(2);  // not close-on-exec
  w.sh("ls /proc/self/fd | wc -l");
  ::close(leaky);
  CHECK(w.sink.out == "4\n");  // and the one by which ls reads the directory
}

TEST_CASE("a process leads a group of its own with default signals", "[exec][process]") {
  world w;
  ::signal(SIGPIPE, SIG_IGN);
  w.sh("test $(cut -d' ' -f5 /proc/$$/stat) = $$ && echo leader; kill -PIPE $$; echo alive");
  ::signal(SIGPIPE, SIG_DFL);
  CHECK(w.sink.out == "leader\n");
}

TEST_CASE("a lot of output arrives whole, in pieces of bounded size", "[exec][process]") {
  world w;
  auto const ran = w.sh("head -c 20000000 /dev/zero | tr '\\0' x; echo end >&2");
  CHECK(ran.status.ok());
  CHECK(w.sink.out.size() == 20'000'000);
  CHECK(w.sink.err == "end\n");
  CHECK(w.sink.largest <= 64 * 1024);
}

TEST_CASE("cancelling asks the whole group to end and returns canceled", "[exec][process]") {
  world w;
  w.sink.on_write = [&] { w.loop.cancel.emit(asio::cancellation_type::terminal); };
  auto const ran = w.sh("trap 'echo asked; exit 3' TERM; echo ready; while :; do sleep 0.02; done");
  CHECK(ran.how == kind::canceled);
  CHECK(ran.status == exit_status{.exit_code = 3});
  CHECK(w.sink.out == "ready\nasked\n");
}

TEST_CASE("a run leaves the cancellation of its caller as it was", "[exec][process]") {
  world w;
  auto const twice = [](world& in) -> awaitable<std::string> {
    process_options const what{.arguments = {"sh", "-c", "echo ready; sleep 30"}};
    process_options const quick{.arguments = {"true"}};
    auto const first = co_await run_process(in.launcher, in.loop.time, quick, in.sink);
    in.sink.on_write = [&in] { in.loop.cancel.emit(asio::cancellation_type::terminal); };
    auto const second = co_await run_process(in.launcher, in.loop.time, what, in.sink);
    std::string seen = first.status.ok() && second.how == kind::canceled ? "as told, " : "wrong, ";
    try {
      co_await run_process(in.launcher, in.loop.time, quick, in.sink);
      seen += "still running";
    } catch (boost::system::system_error const&) {
      seen += "cancelled";
    }
    co_return seen;
  };
  CHECK(w.loop.run(twice(w)) == "as told, cancelled");
}

TEST_CASE("a cancel while the pipes are drained ends that at once", "[exec][process]") {
  world w;
  w.sink.on_write = [&] {
    if (w.sink.out.ends_with("late\n")) w.loop.cancel.emit(asio::cancellation_type::terminal);
  };
  auto const begin = std::chrono::steady_clock::now();
  auto const ran = w.sh("(sleep 0.2; echo late; exec sleep 60) & echo end", {.drain = 30s});
  CHECK(ran.how == kind::canceled);
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  CHECK(children_of_ours().empty());
}

TEST_CASE("a process that ignores SIGTERM is killed when its time is over", "[exec][process]") {
  world w;
  w.sink.on_write = [&] { w.loop.cancel.emit(asio::cancellation_type::terminal); };
  auto const ran = w.sh("trap '' TERM; echo ready; while :; do sleep 0.05; done",
                        {.ladder = {.terminate = 100ms, .kill = 5s}});
  CHECK(ran.how == kind::canceled);
  CHECK(ran.status == exit_status{.signal = SIGKILL});
}

TEST_CASE("a background process that speaks soon is heard", "[exec][process]") {
  world w;
  auto const ran = w.sh("(sleep 0.2; echo late) & echo end");
  CHECK(ran.status.ok());
  CHECK_FALSE(ran.cut);
  CHECK(w.sink.out == "end\nlate\n");
}

TEST_CASE("a background process that holds the pipes delays the end by the drain time and is gone",
          "[exec][process]") {
  world w;
  auto const begin = std::chrono::steady_clock::now();
  auto const ran = w.sh("sleep 60 & echo $!; exit 5", {.drain = 200ms});
  auto const took = std::chrono::steady_clock::now() - begin;
  CHECK(ran.how == kind::ended);
  CHECK(ran.status == exit_status{.exit_code = 5});
  CHECK(ran.cut);
  CHECK(took >= 200ms);
  CHECK(took < 5s);
  CHECK_FALSE(is_alive(w.printed_pid()));
}

TEST_CASE("an endless background talker is cut off", "[exec][process]") {
  world w;
  auto const ran = w.sh("yes & exit 0", {.drain = 50ms});
  CHECK(ran.status.ok());
  CHECK(ran.cut);
}

TEST_CASE("a silent background process lives on until the strays are ended", "[exec][process]") {
  world w;
  auto const ran = w.sh("sleep 60 >/dev/null 2>&1 & echo $!");
  CHECK(ran.status.ok());
  CHECK_FALSE(ran.cut);
  CHECK(is_alive(w.printed_pid()));
  CHECK(w.end_strays() == 1);
  CHECK_FALSE(is_alive(w.printed_pid()));
  CHECK(w.end_strays() == 0);
}

TEST_CASE("a stray is found in a session of its own, without parent, group and pipes",
          "[exec][process]") {
  world w;
  w.sh("setsid sh -c 'echo $$; exec sleep 60 >/dev/null 2>&1 </dev/null' & sleep 0.2");
  REQUIRE(is_alive(w.printed_pid()));
  CHECK(w.end_strays() == 1);
  CHECK_FALSE(is_alive(w.printed_pid()));
}

TEST_CASE("a stray that ignores SIGTERM is killed", "[exec][process]") {
  test::real_loop loop;
  posix_launcher launcher(loop.io.get_executor(), loop.time, {.strays = {.terminate = 50ms}});
  test::collecting_sink sink;
  process_options const what{
      .arguments = {"sh"},
      .input = "(trap '' TERM; exec >/dev/null 2>&1; while :; do sleep 0.05; done) & echo $!",
      .mark = test::own_mark()};
  loop.run(run_process(launcher, loop.time, what, sink));
  int const pid = std::stoi(sink.out);
  REQUIRE(is_alive(pid));
  loop.run(launcher.end_strays(test::own_mark()));
  CHECK_FALSE(is_alive(pid));
}

TEST_CASE("strays of another mark are left alone", "[exec][process]") {
  world w;
  w.sh("setsid sleep 60 >/dev/null 2>&1 & echo $!; sleep 0.1");
  CHECK(w.loop.run(w.launcher.end_strays("another")) == 0);
  CHECK(is_alive(w.printed_pid()));
  CHECK(w.end_strays() == 1);
}

class broken_sink final : public output_sink {
 public:
  awaitable<void> write(channel, std::string_view) override {
    throw std::runtime_error("disk full");
    co_return;
  }
};

TEST_CASE("output that nobody can take ends the process and is reported", "[exec][process]") {
  world w;
  broken_sink broken;
  process_options const what{.arguments = {"yes"}};
  CHECK_THROWS_WITH(w.loop.run(run_process(w.launcher, w.loop.time, what, broken)), "disk full");
}

TEST_CASE("a thousand processes leave no descriptor and no zombie", "[exec][process]") {
  world w;
  w.sh("exit 0");
  auto const descriptors = open_descriptors();
  process_options const what{.arguments = {"true"}, .mark = test::own_mark()};
  for (int i = 0; i != 1000; ++i) {
    auto const ran = w.run(what);
    if (!ran.status.ok()) FAIL(ran.message);
  }
  CHECK(open_descriptors() == descriptors);
  CHECK(children_of_ours().empty());
}

TEST_CASE("a start that runs out of descriptors at any step leaves nothing behind",
          "[exec][process]") {
  world w;
  w.sh("exit 0");
  rlimit usual{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
  auto const descriptors = open_descriptors();
  int failures = 0;
  for (rlim_t more = 0; more != 20; ++more) {
    rlimit const tight{descriptors - 1 + more, usual.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
    auto child = w.launcher.launch({.arguments = {"sleep", "60"}, .input = "x"});
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
    if (child.has_value()) break;
    ++failures;
    CHECK(child.error() == boost::system::errc::too_many_files_open);
    CHECK(open_descriptors() == descriptors);
    CHECK(children_of_ours().empty());
  }
  CHECK(failures >= 5);
  CHECK(failures < 20);
}

TEST_CASE("a process whose owner goes away is killed and leaves no zombie", "[exec][process]") {
  int pid = 0;
  {
    world w;
    auto child = w.launcher.launch({.arguments = {"sleep", "60"}, .mark = test::own_mark()});
    REQUIRE(child.has_value());
    pid = (*child)->pid();
    child->reset();
    w.sh("sleep 0.2");
    CHECK(w.loop.run(w.launcher.end_strays(test::own_mark())) == 0);
  }
  CHECK_FALSE(is_alive(pid));
}

}  // namespace
}  // namespace corunner::exec
