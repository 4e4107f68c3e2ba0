#include "exec/shell/start_command.hpp"

#include "exec/process/posix_launcher.hpp"
#include "exec/shell/shell_executor.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/exec/real_loop.hpp"
#include "test/exec/script/real_shell.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <boost/beast/core/detail/base64.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace corunner::exec {
namespace {

using words = std::vector<std::string>;
namespace fs = std::filesystem;

// What `-EncodedCommand` carries, for text of ASCII.
std::string decoded(std::string const& word) {
  namespace base64 = boost::beast::detail::base64;
  std::string wide(base64::decoded_size(word.size()), '\0');
  wide.resize(base64::decode(wide.data(), word.data(), word.size()).first);
  std::string text;
  for (std::size_t i = 0; i < wide.size(); i += 2) text += wide[i];
  return text;
}

TEST_CASE("Windows PowerShell reads its script from stdin, or from a file", "[exec][shell]") {
  job_environment job;
  job.shell = "powershell";
  CHECK(shell_command_line(job) == words{"powershell", "-NoProfile", "-NoLogo", "-InputFormat",
                                         "text", "-OutputFormat", "text", "-NonInteractive",
                                         "-ExecutionPolicy", "Bypass", "-Command", "-"});
  CHECK_FALSE(is_script_a_file(job));
  job.script_as_file = true;
  CHECK(shell_command_line(job) == words{"powershell", "-NoProfile", "-NonInteractive",
                                         "-ExecutionPolicy", "Bypass", "-File"});
  CHECK(is_script_a_file(job));
  CHECK(script_file_name(job) == "script.ps1");
}

TEST_CASE("PowerShell Core is started by another one that sets the encodings", "[exec][shell]") {
  job_environment job;
  job.shell = "pwsh";
  auto const line = shell_command_line(job);
  REQUIRE(line.size() == 12);
  CHECK(line[10] == "-EncodedCommand");
  CHECK(line[11].size() < 8190);
  auto const script = decoded(line[11]);
  CHECK(script.find("\n[Console]::InputEncoding = $utf8\n") != std::string::npos);
  CHECK(script.find("\npwsh -NoProfile -NonInteractive -Command -\n") != std::string::npos);
  CHECK(script.ends_with("\nexit 1\n"));
}

TEST_CASE("as another user PowerShell always reads stdin", "[exec][shell]") {
  job_environment job;
  job.shell = "pwsh";
  job.user = "ci";
  job.script_as_file = true;
  auto const line = shell_command_line(job);
  CHECK(words(line.begin(), line.end() - 1) == words{"su", "-s", "/usr/bin/pwsh", "ci", "-c"});
  CHECK(line.back().starts_with("pwsh -NoProfile -NoLogo -InputFormat text "));
  job.proxy = "/r";
  CHECK(shell_command_line(job)[2] == "/bin/sh");
}

TEST_CASE("cmd runs a file, whatever the job says", "[exec][shell]") {
  job_environment job;
  job.shell = "cmd";
  CHECK(shell_command_line(job) == words{"cmd", "/C"});
  CHECK(is_script_a_file(job));
  CHECK(script_file_name(job) == "script.cmd");
}

// A shell of that name that tells what it was given: words, the script and what others may do with
// it.
struct pretended {
  explicit pretended(std::string const& name) {
    dir.write(
        name,
        "#!/bin/sh\nfor last; do :; done\necho \"last $last\"\n"
        "if [ -f \"$last\" ]; then stat -c 'mode %a' \"$last\" \"${last%/*}\"; cat \"$last\"; "
        "else cat; fi\nexit 3\n");
    fs::permissions(dir / name, fs::perms::owner_all);
    path = std::getenv("PATH");
    ::setenv("PATH", (dir.path() + ":" + path).c_str(), 1);
  }
  ~pretended() { ::setenv("PATH", path.c_str(), 1); }

  test::scratch_directory dir;
  std::string path;
};

TEST_CASE("a script that is a file is for us only, and gone with its stage", "[exec][shell]") {
  auto const [shell, as_file, is_file] = GENERATE(table<std::string, bool, bool>({
      {"pwsh", false, false},
      {"pwsh", true, true},
      {"cmd", false, true},
  }));
  CAPTURE(shell, as_file);
  pretended const program(shell);
  test::real_loop loop;
  posix_launcher launcher(loop.io.get_executor(), loop.time);
  shell_executor executor(launcher, loop.time);
  std::vector<leftover> announced;
  job_environment job{
      .job_id = 7, .shell = shell, .script_as_file = as_file, .working_directory = "/"};
  job.creates = [&](leftover const& one) { announced.push_back(one); };
  REQUIRE_FALSE(loop.run(executor.prepare(job)).has_value());
  for (int stage = 0; stage != 2; ++stage) {
    test::collecting_sink sink;
    auto const ended =
        loop.run(executor.run({.name = "step_script", .script = "the script\n"}, sink));
    CHECK(ended.exit_code == 3);
    CHECK(sink.out.ends_with("the script\n"));
    CHECK((sink.out.find("mode 700\nmode 700\n") != std::string::npos) == is_file);
    if (!is_file) continue;
    auto const file = sink.out.substr(5, sink.out.find('\n') - 5);
    CHECK_FALSE(fs::exists(fs::path(file).parent_path()));
    REQUIRE_FALSE(announced.empty());
    CHECK(announced.back().what == leftover::kind::directory);
    CHECK(announced.back().name == fs::path(file).parent_path());
  }
}

}  // namespace
}  // namespace corunner::exec
