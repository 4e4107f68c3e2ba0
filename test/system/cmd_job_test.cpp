// A whole job with `shell = "cmd"`, by the cmd of wine.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/world.hpp"

#include <cstdlib>
#include <filesystem>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

// Where the tests of batch files keep wine's own files, too: to make them takes ten seconds.
fs::path wine_prefix() {
  char const* const cache = std::getenv("XDG_CACHE_HOME");
  char const* const home = std::getenv("HOME");
  auto const base = cache && *cache ? fs::path(cache) : fs::path(home ? home : "/tmp") / ".cache";
  fs::create_directories(base / "corunner");
  return base / "corunner/wine";
}

// A program `cmd` that gives the batch file to wine: `cmd /C /tmp/x/script.cmd`.
fs::path make_cmd(world& w) {
  auto const program = w.path("bin/cmd");
  write_file(program, "#!/bin/sh\nexport WINEDEBUG=-all WINEPREFIX='" + wine_prefix().string() +
                          "' WINEDLLOVERRIDES='mscoree,mshtml=;winemenubuilder.exe=d'\n"
                          "exec wine cmd /C \"z:$(echo \"$2\" | tr / '\\\\')\"\n");
  fs::permissions(program, fs::perms::owner_all);
  return program.parent_path();
}

}  // namespace

TEST_CASE("a job with the shell cmd runs its scripts and ends with their exit code",
          "[system][cmd]") {
  world w;
  if (w.try_run("sh", {"-c", "command -v wine"}).code != 0) SKIP("no wine here");
  fake_gitlab server(w.loop);
  auto what =
      fake_gitlab::job(1, {"echo the greeting is !GREETING!", "if 1==1 (", "echo inside", ")",
                           "echo LATER=from the script>>%GITLAB_ENV%", "exit /b 42", "echo never"});
  what.variables.push_back({.key = "GREETING", .value = "hello & welcome"});
  what.variables.push_back({.key = "PASSWORD", .value = "correct-horse", .masked = true});
  what.variables.push_back({.key = "KEY_FILE", .value = "in the file", .file = true});
  what.steps.push_back(
      {.name = "after_script",
       .script = {"type \"%KEY_FILE%\"", "echo:", "echo LATER is %LATER%, %PASSWORD%"},
       .timeout = 60,
       .when = "always"});
  bool handed = false;
  server.on_poll = [&](auto const&) {
    return std::exchange(handed, true) ? fake_gitlab::reply{} : fake_gitlab::hand_out(what);
  };
  auto const config = w.configure({.url = server.url(), .token = "glrt-any"});
  auto text = read_file(config);
  auto const at = text.find("shell = \"bash\"");
  REQUIRE(at != std::string::npos);
  write_file(config, text.replace(at, 14, "shell = \"cmd\""));
  auto const path = make_cmd(w).string() + ':' + std::getenv("PATH");
  child once(w.loop, w.program({"run", "--config", config.string(), "--once"},
                               {.environment = {{"PATH", path}}}));
  once.wait();
  auto const log = server.log_of(1);
  CAPTURE(log, once.err());
  CHECK(log.find("Using Shell (cmd) executor...") != std::string::npos);
  CHECK(log.find("\nthe greeting is hello & welcome") != std::string::npos);
  CHECK(log.find("\ninside") != std::string::npos);
  CHECK(log.find("never") == std::string::npos);
  CHECK(log.find("in the file") != std::string::npos);
  CHECK(log.find("LATER is from the script, [MASKED]") != std::string::npos);
  auto const end = server.calls_of("PUT", "/jobs/1");
  REQUIRE_FALSE(end.empty());
  CHECK(end.back().text("state") == "failed");
  CHECK(end.back().json.at("exit_code") == 42);
  for (auto const& name : names_in(w.temporary())) CHECK_FALSE(name.starts_with("build_script"));
}

}  // namespace corunner::test
