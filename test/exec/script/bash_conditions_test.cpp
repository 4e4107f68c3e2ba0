#include "exec/script/shell_writer.hpp"
#include "test/exec/script/posix_dialects.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace corunner::exec {
namespace {

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

TEST_CASE("lines are found in a file when they follow one another", "[exec][script]") {
  auto const [lines, holds] = GENERATE(table<std::vector<std::string>, bool>({
      {{"[remote \"origin\"]", "url = http://a/*.git"}, true},
      {{"[core]"}, true},
      {{"b = \\\\c"}, true},
      {{"[core]", "url = http://a/*.git"}, false},
      {{"url = http://a/x.git"}, false},
      {{"url"}, false},
      {{"last"}, false},  // no whole line
  }));
  FOR_EACH_SHELL(b);
  CAPTURE(lines);
  b.dir.write("file", "[core]\n\tb = \\\\c\n\n[remote \"origin\"]\n\t url = http://a/*.git \nlast");
  b.w->if_file_has_lines(b.dir / "file", lines);
  b.w->line("echo yes");
  b.w->otherwise();
  b.w->line("echo no");
  b.w->end_if();
  b.w->if_file_has_lines(b.dir / "none", lines);
  b.w->line("echo never");
  b.w->end_if();
  auto const ran = b.run();
  CHECK(ran.out == (holds ? "yes\n" : "no\n"));
  CHECK(ran.err.empty());
}

TEST_CASE("git-lfs is found where git looks for it, and asked whether it works", "[exec][script]") {
  FOR_EACH_SHELL(b);
  bool const is_there = GENERATE(true, false);
  bool const works = GENERATE(true, false);
  bool const among_git_commands = GENERATE(true, false);
  CAPTURE(is_there, works, among_git_commands);
  std::filesystem::create_directory(b.dir / "bin");
  if (is_there) {
    b.dir.write("bin/git-lfs", "");
    std::filesystem::permissions(b.dir / "bin/git-lfs", std::filesystem::perms::owner_all);
  }
  b.w->variable(among_git_commands ? "GIT_EXEC_PATH" : "PATH", b.dir / "bin");
  b.w->line(std::string("git() { echo hidden; echo asked >&3; ") + (works ? ":; }" : "false; }"));
  b.w->line("exec 3>asked");
  b.w->if_git_lfs();
  b.w->line("echo yes");
  b.w->end_if();
  CHECK(b.run().out == (is_there && works ? "yes\n" : ""));
  CHECK(b.dir.read("asked") == (is_there ? "asked\n" : ""));
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

}  // namespace
}  // namespace corunner::exec
