#include "exec/script/shell_writer.hpp"
#include "test/exec/script/real_shell.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace corunner::exec {
namespace {

// A shell that exists here, and the writing that suits it.
struct dialect {
  std::vector<std::string> start;
  std::string shell;
  bool posix_escapes;
};

std::vector<dialect> const& dialects() {
  static std::vector<dialect> const all = [] {
    std::vector<dialect> known{{{"bash"}, "bash", false},
                               {{"bash"}, "bash", true},
                               {{"dash"}, "sh", true},
                               {{"busybox", "sh"}, "sh", true},
                               {{"busybox", "sh"}, "sh", false}};
    std::erase_if(known, [](dialect const& d) { return !test::is_installed(d.start.front()); });
    return known;
  }();
  return all;
}

// A writer, the directory that its script runs in, and the shell that runs it.
struct bench {
  explicit bench(dialect how, shell_writer_options options = {}) : by(std::move(how)) {
    options.shell = by.shell;
    options.posix_escapes = by.posix_escapes;
    options.temporary_directory = dir / "job.tmp";
    w = make_shell_writer(options);
  }

  test::shell_result run(bool trace = false) {
    auto script = w->finish(trace);
    INFO(script);
    return test::run_shell(by.start, script, dir.path());
  }

  dialect by;
  test::scratch_directory dir;
  std::unique_ptr<shell_writer> w;
};

#define FOR_EACH_SHELL(b)                                                  \
  auto const how = GENERATE(from_range(dialects()));                       \
  CAPTURE(how.start, how.posix_escapes);                                   \
  bench b(how)

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

TEST_CASE("conditions nest and choose", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.dir.write("file", "");
  b.w->if_directory(b.dir.path());
  b.w->if_file(b.dir / "none");
  b.w->line("echo wrong");
  b.w->otherwise();
  b.w->if_readable(b.dir / "file");
  b.w->line("echo 1");
  b.w->end_if();
  b.w->end_if();
  b.w->end_if();
  b.w->if_command({"sh", "-c", "echo hidden; echo hidden >&2; exit 1"});
  b.w->otherwise();
  b.w->line("echo 2");
  b.w->end_if();
  b.w->if_command_with_output({"echo", "3; $HOME"});
  b.w->end_if();
  b.w->variable("X", "4 words");
  b.w->if_command_with_output_expand({"echo", "$X"});
  b.w->end_if();
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(ran.out == "1\n2\n3; $HOME\n4 words\n");
  CHECK(ran.err.empty());
}

TEST_CASE("git versions are compared by number", "[exec][script]") {
  auto const [version, wanted, holds] = GENERATE(table<std::string, std::string, bool>({
      {"2.49.0", "2.49", true},
      {"2.48.9", "2.49", false},
      {"2.100.1", "2.49", true},
      {"3.0.0", "2.49", true},
      {"1.99.0", "2.49", false},
      {"2.49.1 (Apple Git-154)", "2.49.1", true},
      {"2.49.0.windows.1", "2.49.1", false},
      {"2.49.0-rc1", "2.49", true},
      {"2.49", "2.49", true},
      {"nonsense", "2.49", false},
  }));
  FOR_EACH_SHELL(b);
  CAPTURE(version, wanted);
  b.w->line("git() { echo 'git version " + version + "'; }");
  b.w->if_git_version_at_least(wanted);
  b.w->otherwise();
  b.w->line("echo no");
  b.w->end_if();
  CHECK(b.run().out == (holds ? "Git version at least \"" + wanted + "\"\n" : "no\n"));
}

TEST_CASE("files and directories are made, written and removed", "[exec][script]") {
  FOR_EACH_SHELL(b);
  auto const root = b.dir / "a b";
  b.w->make_directory(root + "/deep/er");
  b.w->write_file(root + "/deep/file", "x\n\xc3\xa9\"$HOME");
  b.w->line("chmod 0 '" + root + "/deep/er'");
  b.w->write_file(root + "/one.lock", "");
  b.w->write_file(root + "/deep/two.lock", "");
  b.w->make_directory(root + "/deep/hooks/x");
  b.w->remove_files_recursive(root, "*.lock");
  b.w->remove_files_recursive(b.dir / "none", "*.lock");
  b.w->remove_directories_recursive(root, "hooks");
  b.w->change_directory(root);
  b.w->line("ls; ls deep; cat deep/file");
  b.w->remove_file(root + "/deep/file");
  b.w->remove_file(root + "/deep/file");
  b.w->change_directory(b.dir.path());
  b.w->remove_directory(root);
  b.w->remove_directory(root);
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(ran.out == "deep\ner\nfile\nx\n\xc3\xa9\"$HOME");
  CHECK(ran.err.empty());
  CHECK_FALSE(std::filesystem::exists(root));
}

TEST_CASE("a dangling link is removed too", "[exec][script]") {
  FOR_EACH_SHELL(b);
  std::filesystem::create_symlink("/no/such", b.dir / "link");
  b.w->remove_file(b.dir / "link");
  CHECK(b.run().status.ok());
  CHECK_FALSE(std::filesystem::is_symlink(b.dir / "link"));
}

TEST_CASE("a failing directory change ends the stage", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->change_directory("/no/such");
  b.w->line("echo never");
  auto const ran = b.run();
  CHECK_FALSE(ran.status.ok());
  CHECK(ran.out.empty());
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

TEST_CASE("git answers with the job token where the helper is set up", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->variable("CI_JOB_TOKEN", "t'o\"k\\en");
  b.w->git_credential_helper(b.dir / "conf", "https://gitlab.example.com");
  b.w->line("export GIT_CONFIG_GLOBAL=\"$PWD/conf\" GIT_CONFIG_NOSYSTEM=1");
  b.w->command_with_input("protocol=https\nhost=gitlab.example.com\n",
                          {"git", "credential", "fill"}, false);
  auto const ran = b.run();
  CHECK(ran.err.empty());
  CHECK(ran.out ==
        "protocol=https\nhost=gitlab.example.com\nusername=gitlab-ci-token\npassword=t'o\"k\\en\n");
}

TEST_CASE("a dotenv file is sorted and escaped", "[exec][script]") {
  FOR_EACH_SHELL(b);
  auto const path = b.w->write_dotenv(
      "cache_env", {{"Z", "last"}, {"A", "q\" b\\ n\n r\r $HOME `id`"}, {"9x", "no"}});
  CHECK(b.run().status.ok());
  CHECK(path == b.dir / "job.tmp/cache_env");
  CHECK(b.dir.read("job.tmp/cache_env") ==
        "A=\"q\\\" b\\\\ n\\n r\\r $HOME `id`\"\nZ=\"last\"\n");
}

TEST_CASE("an owner file hands its owner on to a directory", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.dir.write("owner", "");
  b.w->make_directory(b.dir / "tree");
  b.w->take_owner_of(b.dir / "owner", b.dir / "tree");
  b.w->take_owner_of(b.dir / "none", b.dir / "none either");
  CHECK(b.run().status.ok());
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
