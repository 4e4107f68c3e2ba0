// Batch files: looked at as a whole, and run by the cmd of wine. That one differs from Windows in
// line breaks inside of a command, in delayed expansion and in text outside of ASCII: those are
// seen in the golden file only.
#include "exec/script/cmd_quoting.hpp"
#include "exec/script/shell_writer.hpp"
#include "test/exec/script/every_operation.hpp"
#include "test/exec/script/real_shell.hpp"
#include "test/support/golden.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace corunner::exec {
namespace {

namespace fs = std::filesystem;

// Made once for all runs of the tests: it takes ten seconds.
std::string wine_prefix() {
  char const* const cache = std::getenv("XDG_CACHE_HOME");
  char const* const home = std::getenv("HOME");
  auto const base = cache && *cache ? fs::path(cache) : fs::path(home ? home : "/tmp") / ".cache";
  fs::create_directories(base / "corunner");
  return base / "corunner/wine";
}

test::shell_result wine(std::vector<std::string> what, std::string const& directory) {
  std::vector<std::string> words{"env",
                                 "-u",
                                 "DISPLAY",
                                 "WINEDEBUG=-all",
                                 "WINEPREFIX=" + wine_prefix(),
                                 "WINEDLLOVERRIDES=mscoree,mshtml=;winemenubuilder.exe=d",
                                 "wine"};
  words.insert(words.end(), what.begin(), what.end());
  return test::run_shell(std::move(words), "", directory, std::chrono::minutes(5));
}

// A writer and the directory that its script runs in.
struct bench {
  bench() { w = make_shell_writer({.shell = "cmd", .temporary_directory = dir / "job.tmp"}); }

  test::shell_result run() {
    dir.write("script.cmd", w->finish(false));
    return wine({"cmd", "/C", "script.cmd"}, dir.path());
  }

  test::scratch_directory dir;
  std::unique_ptr<shell_writer> w;
};

void need_wine() {
  static bool const found = test::is_installed("wine");
  if (!found) SKIP("no wine here");
}

TEST_CASE("the batch file of every operation", "[exec][script][cmd]") {
  test::check_golden("exec/script/cmd.cmd", test::every_operation({.shell = "cmd"}, false));
}

TEST_CASE("text in a batch file is escaped for the way its line is read", "[exec][script][cmd]") {
  auto const [text, immediate, delayed] = GENERATE(table<std::string, std::string, std::string>({
      {"plain = text", "plain = text", "plain = text"},
      {"100% (a & b) | \"c\" <d>", "100%% ^(a ^& b^) ^| ^\"c^\" ^<d^>",
       "100%% ^(a ^& b^) ^| ^\"c^\" ^<d^>"},
      {"^", "^^", "^^"},
      {"^ and !", "^^ and !", "^^^^ and ^^!"},
      {"a\r\nb", "a^\r\n\r\nb", "a^\r\n\r\nb"},
  }));
  CHECK(escape_cmd(text) == immediate);
  CHECK(escape_cmd(text, cmd_expansion::delayed) == delayed);
}

TEST_CASE("arguments for cmd are quoted as C programs read them", "[exec][script][cmd]") {
  auto const [text, expected] = GENERATE(table<std::string, std::string>({
      {"--file", "--file"},
      {"", "^\"^\""},
      {"a b", "^\"a b^\""},
      {"say \"x\"", "^\"say \\^\"x\\^\"^\""},
      {"dir \\", "^\"dir \\\\^\""},
      {"\\\"", "^\"\\\\\\^\"^\""},
      {"50%", "^\"50%%^\""},
  }));
  CHECK(quote_cmd_argument(text) == expected);
}

TEST_CASE("variables and paths are active for cmd in its own way", "[exec][script][cmd]") {
  CHECK(quote_cmd_path("$PWD/a b/${X}") == "\"%CD%\\a b\\%X%\"");
  CHECK(quote_cmd_active("$HOME/.gitconfig 5% $ ${x") == "\"%USERPROFILE%/.gitconfig 5%% $ ${x\"");
}

TEST_CASE("any line of ASCII arrives unchanged in a variable of cmd", "[exec][script][cmd]") {
  need_wine();
  std::mt19937 random(20260104);
  constexpr std::string_view special = "^^&<>|()\"\"%%!!=,; \\/~'`$:*?@";
  bench b;
  std::string expected;
  for (int i = 0; i != 150; ++i) {
    std::string text = i < 95 ? std::string(1, static_cast<char>(32 + i)) : std::string();
    for (auto left = 1 + random() % 20; left != 0; --left) {
      text += random() % 3 == 0 ? static_cast<char>(32 + random() % 95)
                                : special[random() % special.size()];
    }
    auto const name = "V" + std::to_string(i) + "_";
    b.w->variable(name, text);
    b.w->line("set " + name + ">>all.txt");
    expected += name + "=" + text + "\r\n";
  }
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(b.dir.read("all.txt") == expected);
}

TEST_CASE("a file for cmd holds its very bytes, unless it begins with what cmd drops",
          "[exec][script][cmd]") {
  need_wine();
  bench b;
  std::string awkward;
  for (char c = 32; c < 127; ++c) awkward += c;
  std::string large = "x";
  while (large.size() < 5000) large += " ! ^ % \" & word";
  b.w->file_variable("KEY", "the secret");
  b.w->file_variable("AWKWARD", "+" + awkward);
  b.w->file_variable("LARGE", large);
  b.w->file_variable("EMPTY", "");
  b.w->file_variable("DROPPED", " \"begins\nwith a blank\n");
  b.w->line("set KEY>path.txt");
  CHECK(b.run().status.ok());
  CHECK(b.dir.read("job.tmp/KEY") == "the secret");
  CHECK(b.dir.read("job.tmp/AWKWARD") == "+" + awkward);
  CHECK(b.dir.read("job.tmp/LARGE") == large);
  CHECK(b.dir.read("job.tmp/EMPTY").empty());
  CHECK(b.dir.read("job.tmp/DROPPED") == " \"begins\r\nwith a blank\r\n");
  CHECK(b.dir.read("path.txt").ends_with("job.tmp\\KEY\r\n"));
}

TEST_CASE("conditions of a batch file nest and choose, and do not fail it", "[exec][script][cmd]") {
  need_wine();
  bench b;
  b.dir.write("file", "");
  b.w->if_directory(b.dir.path());
  b.w->if_file(b.dir / "none");
  b.w->print("wrong");
  b.w->otherwise();
  b.w->if_readable(b.dir / "file");
  b.w->print("1 (paren");
  b.w->end_if();
  b.w->end_if();
  b.w->end_if();
  b.w->if_command({"cmd", "/c", "echo hidden& exit 3"});
  b.w->print("wrong");
  b.w->otherwise();
  b.w->change_directory(b.dir.path());
  b.w->print("2");
  b.w->end_if();
  b.w->if_command_with_output({"cmd", "/c", "echo shown"});
  b.w->end_if();
  b.w->if_directory(b.dir / "file");
  b.w->print("wrong");
  b.w->end_if();
  b.w->print("end");
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(ran.out == "\x1b[0;m1 (paren\r\n\x1b[0;m2\r\nshown\r\n\x1b[0;mend\r\n");
}

TEST_CASE("a batch file ends with the first command that fails", "[exec][script][cmd]") {
  need_wine();
  auto const [command, code] = GENERATE(table<std::string, int>({
      {"cmd /c exit 7", 7},
      {"exit /b 42", 42},
      {"if 1==1 (\ncmd /c exit 5\n)", 5},
      {"no-such-program 2>nul", 9009 & 255},
  }));
  CAPTURE(command);
  bench b;
  b.w->user_commands({"echo one", command, "echo never"}, "script_step");
  auto const ran = b.run();
  CHECK(ran.status.exit_code == code);
  CHECK(ran.out.starts_with("\x1b[32;1m$ echo one\x1b[0;m\r\none\r\n"));
  CHECK(ran.out.find("\nnever") == std::string::npos);
}

TEST_CASE("GITLAB_ENV lines become variables of cmd without being evaluated",
          "[exec][script][cmd]") {
  need_wine();
  bench b;
  b.dir.write(
      "env",
      "k=v\r\n\r\nexecuted=%PATH% & echo hacked ^ ! \"q\r\n;semi=1\r\neq=a=b c\r\nlast=unended");
  b.w->source_env(b.dir / "env");
  b.w->source_env(b.dir / "job.tmp/new");
  for (auto const* name : {"k", "executed", ";semi", "eq", "last"}) {
    b.w->line("set " + std::string(name) + ">>all.txt");
  }
  CHECK(b.run().status.ok());
  CHECK(b.dir.read("all.txt").starts_with("k=v\r\n"));
  CHECK(b.dir.read("all.txt").ends_with(
      "executed=%PATH% & echo hacked ^ ! \"q\r\n;semi=1\r\neq=a=b c\r\nlast=unended\r\n"));
  CHECK(fs::exists(b.dir / "job.tmp/new"));
}

TEST_CASE("files and directories are made and removed by cmd", "[exec][script][cmd]") {
  need_wine();
  bench b;
  auto const root = b.dir / "a b";
  b.w->make_directory(root + "/deep/er");
  b.w->write_file(root + "/deep/one.lock", "x");
  b.w->write_file(root + "/two.lock", "x");
  b.w->make_directory(root + "/deep/hooks/x");
  b.w->remove_files_recursive(root, "*.lock");
  b.w->remove_files_recursive(b.dir / "none", "*.lock");
  b.w->remove_directories_recursive(root, "hooks");
  b.w->change_directory(root);
  b.w->line("dir /s /b>..\\found.txt");
  b.w->change_directory(b.dir.path());
  b.w->write_file(b.dir / "gone", "x");
  b.w->remove_file(b.dir / "gone");
  b.w->remove_file(b.dir / "gone");
  b.w->remove_directory(b.dir / "none");
  b.w->make_directory(b.dir / "tree/x");
  b.w->remove_directory(b.dir / "tree");
  b.w->change_directory(b.dir / "no such");
  b.w->print("never");
  auto const ran = b.run();
  CHECK(ran.status.exit_code == 1);
  CHECK(ran.out.empty());
  auto const found = b.dir.read("found.txt");
  CHECK(found.find("\\deep\\er\r\n") != std::string::npos);
  CHECK(found.find("lock") == std::string::npos);
  CHECK(found.find("hooks") == std::string::npos);
  CHECK_FALSE(fs::exists(b.dir / "gone"));
  CHECK_FALSE(fs::exists(b.dir / "tree"));
}

TEST_CASE("a command of cmd may have variables and input of its own", "[exec][script][cmd]") {
  need_wine();
  bench b;
  b.w->variable("TOKEN", "outer & value");
  b.w->command_with({{"TOKEN", "inner | value"}}, {"cmd", "/c", "set TOKEN>inner.txt"});
  b.w->line("set TOKEN>outer.txt");
  b.w->command_with_input("word one", {"more"}, false);
  b.w->command_with_input("ignored", {"cmd", "/c", "exit 3"}, true);
  auto const path = b.w->write_dotenv("env", {{"A", "q\" b\\"}, {"9x", "no"}});
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(ran.out.starts_with("word one"));
  CHECK(b.dir.read("inner.txt") == "TOKEN=inner | value\r\n");
  CHECK(b.dir.read("outer.txt") == "TOKEN=outer & value\r\n");
  // wine leaves line breaks out.
  CHECK(b.dir.read("job.tmp/env").starts_with("A=\"q\\\" b\\\\\""));
}

}  // namespace
}  // namespace corunner::exec
