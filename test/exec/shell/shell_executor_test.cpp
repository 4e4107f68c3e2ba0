#include "exec/shell/shell_executor.hpp"
#include "exec/shell/start_command.hpp"

#include "exec/process/posix_launcher.hpp"
#include "exec/process/strays.hpp"
#include "exec/script/shell_writer.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/exec/real_loop.hpp"
#include "test/exec/script/real_shell.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace corunner::exec {
namespace {

using namespace std::chrono_literals;
using kind = stage_outcome::kind;

// One job on this machine. The login profile is empty, so that the test sees only its own output.
struct job {
  explicit job(run_options how = {}) : executor(launcher, loop.time, how) {
    environment.job_id = 7;
    environment.shell = "bash";
    environment.login_shell = false;
    environment.working_directory = "/";
  }

  std::optional<prepare_failure> prepare() { return loop.run(executor.prepare(environment)); }

  stage_outcome run(std::vector<std::string> commands) {
    auto const w = make_shell_writer({.shell = environment.shell, .temporary_directory = "/tmp/x"});
    for (auto const& command : commands) w->line(command);
    stage const what{.name = "step_script", .script = w->finish(false)};
    return loop.run(executor.run(what, sink));
  }

  void clean_up() {
    auto const all = [](executor_type& one) -> awaitable<int> {
      co_await one.cleanup();
      co_return 0;
    };
    loop.run(all(executor));
  }

  // A signal that comes before a shell has begun its command waits for the command's end: whoever
  // is to be cancelled prints from within the command.
  void cancel_on_output() {
    sink.on_write = [this] { loop.cancel.emit(asio::cancellation_type::terminal); };
  }

  using executor_type = shell_executor;
  test::real_loop loop;
  posix_launcher launcher{loop.io.get_executor(), loop.time};
  shell_executor executor;
  job_environment environment;
  test::collecting_sink sink;
};

TEST_CASE("the shell's command line is that of the reference", "[exec][shell]") {
  using words = std::vector<std::string>;
  auto const [shell, login, user, expected] =
      GENERATE(table<std::string, bool, std::string, words>({
          {"bash", false, "", {"bash"}},
          {"bash", true, "", {"bash", "-l"}},
          {"sh", true, "", {"sh", "-l"}},
          {"bash", true, "ci", {"su", "-s", "/bin/bash", "ci", "-c", "bash -l"}},
          {"sh", false, "ci", {"su", "-s", "/bin/sh", "ci", "-c", "sh"}},
      }));
  job_environment environment;
  environment.shell = shell;
  environment.login_shell = login;
  environment.user = user;
  CHECK(shell_command_line(environment) == expected);
  environment.proxy = "/opt/the runner";
  environment.temporary_directory = "/builds/p.tmp";
  auto const behind = shell_command_line(environment);
  if (user.empty()) {
    words proxied{"/opt/the runner", "--log-level", "warn",
                  "proxy-exec",      "--temp-dir",  "/builds/p.tmp"};
    proxied.insert(proxied.end(), expected.begin(), expected.end());
    CHECK(behind == proxied);
  } else {
    // As the user, who must be able to write into the directory.
    CHECK(behind.back() ==
          "\"/opt/the runner\" --log-level warn proxy-exec --temp-dir /builds/p.tmp " +
              expected.back());
  }
}

TEST_CASE("an unknown shell cannot be prepared", "[exec][shell]") {
  job j;
  j.environment.shell = GENERATE("zsh", "fish", "dummy");
  auto const failed = j.prepare();
  REQUIRE(failed.has_value());
  CHECK(failed->message == "shell " + j.environment.shell + " not found");
  CHECK(failed->failure_reason.empty());
}

TEST_CASE("the executor names its shell", "[exec][shell]") {
  job j;
  REQUIRE_FALSE(j.prepare().has_value());
  CHECK(j.executor.description() == "Using Shell (bash) executor...");
}

TEST_CASE("a stage's outcome is that of its shell", "[exec][shell]") {
  job j;
  j.prepare();
  auto const ok = j.run({"echo out", "echo err >&2", "pwd"});
  CHECK(ok.ok());
  CHECK(ok.message.empty());
  CHECK(j.sink.out == "out\n/\n");
  CHECK(j.sink.err == "err\n");

  auto const failed = j.run({"exit 42"});
  CHECK(failed.how == kind::exited);
  CHECK(failed.exit_code == 42);
  CHECK(failed.message == "exit status 42");

  auto const killed = j.run({"kill -9 $$"});
  CHECK(killed.how == kind::signaled);
  CHECK(killed.signal == SIGKILL);
  CHECK(killed.message == "signal: killed");
}

TEST_CASE("a shell that is not installed is a failed start", "[exec][shell]") {
  job j;
  j.environment.working_directory = "/no/such";
  j.prepare();
  auto const outcome = j.run({"true"});
  CHECK(outcome.how == kind::failed);
  CHECK(outcome.message == "failed to start process: chdir /no/such: no such file or directory");
}

TEST_CASE("a cancelled sleep ends at once and shows nothing of the script", "[exec][shell]") {
  job j;
  j.prepare();
  j.cancel_on_output();
  auto const begin = std::chrono::steady_clock::now();
  auto const outcome = j.run({"sh -c 'echo ready; exec sleep 60'", "echo hidden word"});
  CHECK(outcome.how == kind::canceled);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  CHECK(j.sink.out == "ready\n");
  // bash's own word, unless it was ended before it saw the end of its command.
  CHECK((j.sink.err.empty() || j.sink.err == "Terminated\n"));
}

TEST_CASE("a user's TERM trap runs on cancel", "[exec][shell]") {
  job j;
  j.prepare();
  j.cancel_on_output();
  auto const outcome =
      j.run({"trap 'echo caught; exit 11' TERM", "sh -c 'echo ready; exec sleep 30'"});
  CHECK(outcome.how == kind::canceled);
  CHECK(j.sink.out == "ready\ncaught\n");
}

TEST_CASE("a script that ignores TERM is waited for, then killed", "[exec][shell]") {
  job patient({.ladder = {.terminate = 20s}});
  patient.prepare();
  patient.cancel_on_output();
  CHECK(patient.run({"trap '' TERM", "echo ready", "sleep 0.3; echo survived"}).how ==
        kind::canceled);
  CHECK(patient.sink.out == "ready\nsurvived\n");

  job impatient({.ladder = {.terminate = 100ms}});
  impatient.prepare();
  impatient.cancel_on_output();
  CHECK(impatient.run({"trap '' TERM", "echo ready", "sleep 30; echo never"}).how ==
        kind::canceled);
  CHECK(impatient.sink.out == "ready\n");
  CHECK(children_of_ours().empty());
}

TEST_CASE("a background process serves later stages and is gone after the clean-up",
          "[exec][shell]") {
  job j;
  j.prepare();
  CHECK(j.run({"sleep 60 >/dev/null 2>&1 &", "echo $!"}).ok());
  auto const pid = std::stoi(j.sink.out);
  j.sink.out.clear();
  CHECK(j.run({"kill -0 " + std::to_string(pid) + " && echo alive"}).ok());
  CHECK(j.sink.out == "alive\n");
  j.clean_up();
  CHECK(::kill(pid, 0) != 0);
  CHECK(children_of_ours().empty());
}

TEST_CASE("clean-up is safe without and after a failed preparation", "[exec][shell]") {
  job j;
  j.clean_up();
  j.environment.shell = "zsh";
  j.prepare();
  j.clean_up();
  j.clean_up();
}

TEST_CASE("a login profile is read, and what answers it `id -u` is gone in the script",
          "[exec][shell]") {
  test::scratch_directory home;
  home.write(".bash_profile", "echo profile $(id -u) $(id -un) $(type -t id)\n");
  ::setenv("HOME", home.path().c_str(), 1);
  job j;
  j.environment.login_shell = true;
  j.prepare();
  CHECK(j.run({"echo script $(id -u) $(type -t id)", "env | grep -c BASH_FUNC || :"}).ok());
  auto const id = std::to_string(::geteuid());
  auto const name = test::run_shell({"id", "-un"}, "").out;
  CHECK(j.sink.out == "profile " + id + " " + name.substr(0, name.size() - 1) +
                          " function\nscript " + id + " file\n0\n");
  CHECK(j.sink.err.empty());
}

TEST_CASE("a profile that fails fails the stage", "[exec][shell]") {
  test::scratch_directory home;
  home.write(".bash_profile", "exit 9\n");
  ::setenv("HOME", home.path().c_str(), 1);
  job j;
  j.environment.login_shell = true;
  j.prepare();
  CHECK(j.run({"echo never"}).message == "exit status 9");
  CHECK(j.sink.out.empty());
}

TEST_CASE("the shell sees our environment and the mark", "[exec][shell]") {
  ::setenv("OUTER", "outer", 1);
  job j;
  j.prepare();
  CHECK(j.run({"echo \"$OUTER\"", "echo \"${CORUNNER_JOB_MARK%%-*}\""}).ok());
  CHECK(j.sink.out == "outer\n7\n");
}

}  // namespace
}  // namespace corunner::exec
