#include "exec/script/shell_writer.hpp"
#include "test/exec/script/posix_dialects.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <string>
#include <vector>

namespace corunner::exec {
namespace {

using test::dialects;
using bench = test::script_bench;

TEST_CASE("variables keep every byte that a variable can hold", "[exec][script]") {
  FOR_EACH_SHELL(b);
  std::string awkward;
  for (int c = 2; c != 256; ++c) awkward += static_cast<char>(c);
  awkward += "\n$(touch hacked) `touch hacked` $HOME \\ ' \" ; echo hacked\n\n";
  b.w->variable("AWKWARD", awkward);
  b.w->variable("EMPTY", "");
  b.w->line("printf '%s' \"$AWKWARD\" > written; printf '%s' \"${EMPTY-unset}\"");
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(ran.out.empty());
  CHECK(b.dir.read("written") == awkward);
  CHECK_FALSE(std::filesystem::exists(b.dir / "hacked"));
}

TEST_CASE("a value with a semicolon does not become a command", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->variable("V", "a;echo split");
  b.w->line("echo \"<$V>\"");
  CHECK(b.run().out == "<a;echo split>\n");
}

TEST_CASE("a name that cannot be exported fails the stage", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->variable("not-a-name", "x");
  b.w->line("echo never");
  auto const ran = b.run();
  CHECK_FALSE(ran.status.ok());
  CHECK(ran.out.empty());
}

TEST_CASE("a file variable holds exactly its content and its path", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->file_variable("KEY", "the secret");
  b.w->line("echo \"$KEY\"");
  CHECK(b.run().out == b.dir / "job.tmp/KEY" + "\n");
  CHECK(b.dir.read("job.tmp/KEY") == "the secret");
}

TEST_CASE("a relative temporary directory is found from everywhere", "[exec][script]") {
  shell_writer_options options;
  options.temporary_directory = "some dir/job.tmp";
  auto const w = make_shell_writer(options);
  test::scratch_directory dir;
  w->file_variable("KEY", "content");
  w->variable("PLACE", "some dir/job.tmp/x");
  w->change_directory("/");
  w->line("echo \"$KEY $PLACE\"; cat \"$KEY\"");
  auto const ran = test::run_shell({"bash"}, w->finish(false), dir.path());
  CHECK(ran.out == dir / "some dir/job.tmp/KEY" + " " + dir / "some dir/job.tmp/x" + "\ncontent");
}

TEST_CASE("GITLAB_ENV lines are exported without being evaluated", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.dir.write("env", "k=v\n  trimmed=yes  \nexecuted=$(touch hacked)\neq=a=b c\nlast=unended");
  b.w->source_env(b.dir / "env");
  b.w->line("sh -c 'echo \"$k,$trimmed,$executed,$eq,$last\"'");
  CHECK(b.run().out == "v,yes,$(touch hacked),a=b c,unended\n");
  CHECK_FALSE(std::filesystem::exists(b.dir / "hacked"));
}

TEST_CASE("a missing GITLAB_ENV is created, a blank line in it fails the stage",
          "[exec][script]") {
  bench b({{"bash"}, "bash", false});
  b.w->source_env(b.dir / "job.tmp/env");
  b.w->line("echo >> job.tmp/env");
  b.w->source_env(b.dir / "job.tmp/env");
  b.w->line("echo never");
  auto const ran = b.run();
  CHECK(ran.status.exit_code == 1);
  CHECK(ran.out.empty());
  CHECK(ran.err.find("export: `': not a valid identifier") != std::string::npos);
}

TEST_CASE("one construct may span several entries of a script", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->variable("T", "y");
  b.w->user_commands({"if [ \"$T\" = y ]; then", "echo A", "else", "echo B", "fi", "echo C"},
                     "script_step");
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(ran.out.find("\x1b[0;m\nA\n") != std::string::npos);
  CHECK(ran.out.find("\nB\n") == std::string::npos);
  CHECK(ran.out.ends_with("\nC\n"));
}

TEST_CASE("commands are echoed in bold green, long ones collapsed, empty ones as a line",
          "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->user_commands({"  printf '%s\\n' 'a\\tb'  ", "", "echo one\necho two"}, "script_step");
  CHECK(b.run().out ==
        "\x1b[32;1m$ printf '%s\\n' 'a\\tb'\x1b[0;m\na\\tb\n"
        "\n"
        "\x1b[32;1m$ echo one # collapsed multi-line command\x1b[0;m\none\ntwo\n");
}

TEST_CASE("script sections fold a command of several lines before it runs", "[exec][script]") {
  auto const how = GENERATE(from_range(dialects()));
  CAPTURE(how.start);
  bench b(how, {.script_sections = true});
  b.w->user_commands({"echo one\necho two", "echo single"}, "script_step");
  auto out = b.run().out;
  for (std::string_view const mark : {"section_start:", "section_end:"}) {
    auto const at = out.find(mark) + mark.size();
    auto const end = out.find(':', at);
    CHECK(std::stoll(out.substr(at, end - at)) > 1'700'000'000);
    out.replace(at, end - at, "<UNIX>");
  }
  CHECK(out ==
        "section_start:<UNIX>:section_script_step_0[hide_duration=true,collapsed=true]\r\x1b[0K"
        "\x1b[32;1m$ echo one\necho two\x1b[0;m\n"
        "section_end:<UNIX>:section_script_step_0\r\x1b[0K\n"
        "one\ntwo\n"
        "\x1b[32;1m$ echo single\x1b[0;m\nsingle\n");
}

struct ending {
  std::string name;
  std::vector<std::string> commands;
  int exit_code;
  int signal;
  std::string last_line;
};

TEST_CASE("a stage ends as its script says", "[exec][script]") {
  auto const how = GENERATE(from_range(dialects()));
  auto const end = GENERATE(
      values<ending>({{"pipefail", {"false | true", "echo never"}, 1, 0, "$ false | true"},
                      {"stdin is empty", {"read x || echo eof"}, 0, 0, "eof"},
                      {"exit 42", {"exit 42", "echo never"}, 42, 0, "$ exit 42"},
                      {"exit 0 ends the step", {"exit 0", "echo never"}, 0, 0, "$ exit 0"},
                      {"KILL of the shell", {"kill -9 $$"}, 0, 9, "$ kill -9 $$"},
                      {"TERM of the shell", {"kill -TERM $$", "sleep 0.2"}, 1, 0, "$ sleep 0.2"},
                      {"a killed command", {"sh -c 'kill -KILL $$'"}, 137, 0, ""},
                      {"a background failure", {"(exit 3) &", "echo on"}, 0, 0, "on"},
                      {"its result by wait", {"(exit 3) &", "wait $!"}, 3, 0, "$ wait $!"},
                      {"set +e", {"set +e; false", "echo on"}, 0, 0, "on"},
                      {"unknown command", {"no-such-command"}, 127, 0, "$ no-such-command"}}));
  bench b(how);
  CAPTURE(how.start, how.posix_escapes, end.name);
  // This dash knows no pipefail.
  if (how.start.front() == "dash" && end.name == "pipefail") return;
  b.w->user_commands(end.commands, "script_step");
  auto ran = b.run();
  CHECK(ran.status.signal == end.signal);
  if (end.signal == 0) CHECK(ran.status.exit_code == end.exit_code);
  if (!end.last_line.empty()) {
    CHECK(ran.out.find(end.last_line) != std::string::npos);
    CHECK(ran.out.find("\nnever") == std::string::npos);
  }
}

TEST_CASE("the legacy frame keeps an explicit exit code only", "[exec][script]") {
  auto const [command, exit_code] = GENERATE(table<std::string, int>({
      {"exit 42", 42},
      {"true", 0},
      {"sh -c 'exit 3'", 1},
      {"read x", 1},
  }));
  bench b({{"bash"}, "bash", false}, {.legacy_eval = true});
  CAPTURE(command);
  b.w->user_commands({command}, "script_step");
  // bash loses the status of a command that errexit ends inside `: | eval`.
  CHECK(b.run().status.exit_code == exit_code);
}

TEST_CASE("the exit code check ends a script that switched errexit off", "[exec][script]") {
  auto const how = GENERATE(from_range(dialects()));
  CAPTURE(how.start);
  bench b(how, {.exit_code_check = true});
  b.w->user_commands({"set +e", "(exit 9)", "echo never"}, "script_step");
  auto const ran = b.run();
  CHECK(ran.status.exit_code == 9);
  CHECK(ran.out.find("never") == std::string::npos);
}

TEST_CASE("commands take their words apart from the shell, unless they are active",
          "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->variable("X", "x y");
  b.w->command({"printf", "<%s>\\n", "$X", "a b", ""});
  b.w->command_expand({"printf", "<%s>\\n", "$X"});
  b.w->command_with_input("a $X\nb", {"cat"}, false);
  b.w->command_with_input("ignored", {"no-such-command"}, true);
  b.w->line("echo end");
  auto const ran = b.run();
  CHECK(ran.status.ok());
  // The format of the expanding command went through double quotes, where \\n stays as it is.
  CHECK(ran.out == "<$X>\n<a b>\n<>\n<x y>\na $X\nb\nend\n");
}

TEST_CASE("the log lines have their colours", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->print("it's plain\\n");
  b.w->notice("notice");
  b.w->warning("warning");
  b.w->error("error");
  b.w->empty_line();
  CHECK(b.run().out ==
        "\x1b[0;mit's plain\\n\n\x1b[32;1mnotice\x1b[0;m\n\x1b[0;33mwarning\x1b[0;m\n"
        "\x1b[31;1merror\x1b[0;m\n\n");
}

TEST_CASE("the host is named by the runner or found out by the shell", "[exec][script]") {
  auto const how = GENERATE(from_range(dialects()));
  bench known(how, {.host_name = "host1"});
  known.w->running_on("");
  CHECK(known.run().out == "Running on host1...\n");
  bench asked(how);
  asked.w->running_on("host 2");
  auto const host = test::run_shell({"hostname"}, "").out;
  CHECK(asked.run().out == "Running on " + host.substr(0, host.size() - 1) + " via host 2...\n");
}

TEST_CASE("trace shows commands as the shell runs them", "[exec][script]") {
  bench b({{"bash"}, "bash", false});
  b.w->user_commands({"V=shown; echo \"$V\""}, "script_step");
  auto const ran = b.run(true);
  CHECK(ran.err.find("++ echo '\x1b[32;1m$ V=shown; echo \"$V\"\x1b[0;m'\n") != std::string::npos);
  CHECK(ran.err.find("++ V=shown\n++ echo shown\n") != std::string::npos);
}

TEST_CASE("options that the user sets do not reach the frame", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->user_commands({"exec 2>&1; set -u; set -o noglob; cd /; trap - TERM; exit 7"},
                     "script_step");
  CHECK(b.run().status.exit_code == 7);
}

TEST_CASE("shells that nobody knows have no writer", "[exec][script]") {
  CHECK(make_shell_writer({.shell = "zsh"}) == nullptr);
  CHECK_FALSE(is_known_shell("fish"));
  for (auto const* name : {"sh", "pwsh", "powershell", "cmd"}) CHECK(is_known_shell(name));
  CHECK(is_known_shell("bash"));
}

}  // namespace
}  // namespace corunner::exec
