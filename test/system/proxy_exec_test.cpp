// Commands that run behind proxy-exec: as if they ran alone, but for what they announce as secret.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/proc.hpp"
#include "test/system/support/world.hpp"

#include <catch2/generators/catch_generators.hpp>

#include <unistd.h>

#include <chrono>
#include <csignal>

namespace corunner::test {

namespace {

struct proxy_world : world {
  // `corunner --log-level warn proxy-exec --temp-dir T sh -c SCRIPT`
  child start_shell(std::string const& script) {
    return start({"--log-level", "warn", "proxy-exec", "--temp-dir", path("t").string(), "sh", "-c",
                  script});
  }
  finished run_shell(std::string const& script) {
    auto one = start_shell(script);
    auto const code = one.wait();
    return {code, one.out(), one.err()};
  }
};

}  // namespace

TEST_CASE("a command behind proxy-exec ends as it would alone", "[system][proxy_exec]") {
  proxy_world w;
  auto const [script, code, last] = GENERATE(table<std::string, int, std::string>({
      {"exit 0", 0, ""},
      {"exit 7", 7, "ERROR: exit status 7"},
      {"kill -9 $$", 255, "ERROR: signal: killed"},
  }));
  auto const ran = w.run_shell(script);
  CHECK(ran.code == code);
  CHECK(ran.err.find(last) != std::string::npos);
  CHECK(w.start({"proxy-exec", "--temp-dir", w.path("t").string(), "/no/such"}).wait() == 127);
}

TEST_CASE("a secret is masked in later commands of the job, on both streams",
          "[system][proxy_exec]") {
  proxy_world w;
  auto const first = w.run_shell(
      "echo before: the-word-of-today; echo ::add-mask::the-word-of-today; "
      "echo after: the-word-of-today; printf 'no end: the-word-of'");
  CHECK(first.out ==
        "before: the-word-of-today\n::add-mask::[MASKED]\nafter: [MASKED]\nno end: the-word-of");
  auto const second =
      w.run_shell("printf 'the-word-of'; sleep 0.1; echo -today; echo the-word-of-today >&2");
  CHECK(second.out == "[MASKED]\n");
  CHECK(second.err == "[MASKED]\n");
  CHECK(files_with(w.path("t"), "the-word-of-today").empty());
}

TEST_CASE("two commands of a job that run at once know each other's secrets",
          "[system][proxy_exec]") {
  proxy_world w;
  auto waiting = w.start_shell("echo ready; until [ -e '" + w.path("go").string() +
                               "' ]; do sleep 0.05; done; "
                               "echo the-word-of-today");
  waiting.wait_for_output("ready\n");
  CHECK(w.run_shell("echo ::add-mask::the-word-of-today").code == 0);
  write_file(w.path("go"), "");
  CHECK(waiting.wait() == 0);
  CHECK(waiting.out() == "ready\n[MASKED]\n");
}

TEST_CASE("a lot of output comes through whole", "[system][proxy_exec]") {
  proxy_world w;
  auto const ran = w.run_shell("seq 200000; seq 200000 >&2");
  std::string expected;
  for (int i = 1; i <= 200000; ++i) expected += std::to_string(i) + '\n';
  CHECK((ran.out == expected));
  CHECK((ran.err == expected));
}

TEST_CASE("what a command leaves behind is waited for one second, and lives on",
          "[system][proxy_exec]") {
  proxy_world w;
  auto const began = std::chrono::steady_clock::now();
  auto const nap = world::nap();
  auto const ran = w.run_shell("sleep " + nap + " & echo main");
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
  CHECK(ran.code == 0);
  CHECK(ran.out == "main\n");
  auto const left = processes_with("sleep " + nap);
  CHECK(left.size() == 1);
  for (int const pid : left) ::kill(pid, SIGKILL);
}

TEST_CASE("a stop of the group reaches the command, whose last words are shown",
          "[system][proxy_exec]") {
  proxy_world w;
  auto job = w.start({"proxy-exec", "--temp-dir", w.path("t").string(), "sh", "-c",
                      "trap 'echo got it; exit 3' TERM; echo ready; while :; do sleep 0.05; done"});
  job.wait_for_output("ready\n");
  CHECK(::getpgid(descendants_of(job.pid()).front()) == ::getpgid(job.pid()));
  ::kill(-job.pid(), SIGTERM);
  CHECK(job.wait() == 3);
  CHECK(job.out() == "ready\ngot it\n");
}

TEST_CASE("as PID 1 of a container it hands a stop to its command", "[system][proxy_exec]") {
  proxy_world w;
  auto how =
      w.program({"proxy-exec", "--temp-dir", w.path("t").string(), "sh", "-c",
                 "trap 'echo got it; exit 3' TERM; echo ready; while :; do sleep 0.05; done"});
  how.arguments.insert(how.arguments.begin(),
                       {"--pid", "--fork", "--mount-proc", how.program.string()});
  how.program = "/usr/bin/unshare";
  child container(w.loop, std::move(how));
  container.wait_for_output("ready\n");
  ::kill(children_of(container.pid()).front(), SIGTERM);
  CHECK(container.wait() == 3);
  CHECK(container.out() == "ready\ngot it\n");
}

TEST_CASE("a job with proxy_exec masks what its scripts announce, until it ends",
          "[system][proxy_exec]") {
  world w;
  fake_gitlab server(w.loop);
  std::vector<gitlab::job_payload> jobs;
  for (int id = 1; id <= 2; ++id) {
    jobs.push_back(fake_gitlab::job(
        id, {id == 1 ? "echo \"::add-mask::$(echo drowssap-terces | rev)\"; echo secret-password"
                     : "echo secret-password"}));
    jobs.back().steps.push_back({.name = "after_script",
                                 .script = {"echo behind: secret-password"},
                                 .timeout = 60,
                                 .when = "always"});
  }
  std::size_t handed = 0;
  server.on_poll = [&](auto const&) {
    return handed < jobs.size() ? fake_gitlab::hand_out(jobs[handed++]) : fake_gitlab::reply{};
  };
  auto const config = w.configure(
      {.url = server.url(), .token = "glrt-any", .entry = "  proxy_exec = true\n"});
  for (int id = 1; id <= 2; ++id) {
    auto once = w.start_run(config, {"--once"});
    CHECK(once.wait() == 0);
  }
  auto const first = server.log_of(1);
  CHECK(first.find("\n::add-mask::[MASKED]\n[MASKED]\n") != std::string::npos);
  CHECK(first.find("behind: [MASKED]\n") != std::string::npos);
  auto const second = server.log_of(2);
  CHECK(second.find("\nsecret-password\n") != std::string::npos);
  CHECK(second.find("behind: secret-password\n") != std::string::npos);
}

}  // namespace corunner::test
