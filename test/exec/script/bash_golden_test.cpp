// Whole scripts, byte for byte: what a shell is given is looked at when it changes.
#include "exec/script/shell_writer.hpp"
#include "test/exec/script/real_shell.hpp"
#include "test/support/golden.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

namespace corunner::exec {
namespace {

// Every operation once, as stages use them.
std::string every_operation(shell_writer_options how, bool trace) {
  how.temporary_directory = "/builds/project.tmp";
  auto const w = make_shell_writer(how);
  w->running_on("");
  w->running_on("runner host");
  w->variable("NAME", "it's a $value\n");
  w->active_variable("PLACE", "$PWD/here");
  w->file_variable("KEY", "the secret");
  w->file_variable_path("OLD_KEY");
  w->source_env(w->temporary_file("gitlab_runner_env"));
  w->command({"git", "init", "$PWD/a b"});
  w->command_expand({"git", "config", "include.path", "$PLACE"});
  w->command_with_input("url=https://example.com\n", {"git", "credential", "reject"}, true);
  w->if_directory("/a");
  w->make_directory("/a/b");
  w->otherwise();
  w->if_file("$PWD/f");
  w->remove_file("$PWD/f");
  w->end_if();
  w->if_readable("/r");
  w->end_if();
  w->end_if();
  w->if_command({"git", "lfs", "version"});
  w->end_if();
  w->if_command_with_output({"helper", "a b"});
  w->end_if();
  w->if_command_with_output_expand({"helper", "$NAME"});
  w->end_if();
  w->if_git_version_at_least("2.49");
  w->end_if();
  w->change_directory("/builds/project");
  w->make_temporary_directory("git-template");
  w->remove_directory("/old");
  w->remove_files_recursive("/builds/project/.git/refs", "*.lock");
  w->remove_directories_recursive("/builds/project/.git/modules", "hooks");
  w->write_file("/conf", "[a]\n\tb = c\n");
  w->take_owner_of("/builds/.gitlab-build-uid-gid", "/builds");
  w->print("plain");
  w->notice("notice");
  w->warning("warning");
  w->error("error");
  w->empty_line();
  w->git_credential_helper("/conf", "https://example.com");
  w->write_dotenv("gitlab_runner_cache_env", {{"TOKEN", "a\"b"}});
  w->user_commands({"echo one", "", "cat <<END\ntwo\nEND"}, "script_step");
  w->line("raw line");
  return w->finish(trace);
}

TEST_CASE("the script of every operation, in ANSI-C quotes", "[exec][script]") {
  test::check_golden("exec/script/bash.sh", every_operation({}, false));
}

TEST_CASE("the script of every operation, for any POSIX shell", "[exec][script]") {
  test::check_golden("exec/script/posix.sh",
                     every_operation({.shell = "sh", .posix_escapes = true}, false));
}

TEST_CASE("the script of every operation, with every flag", "[exec][script]") {
  shell_writer_options const how{.host_name = "host1",
                                 .posix_escapes = true,
                                 .legacy_eval = true,
                                 .exit_code_check = true,
                                 .script_sections = true};
  test::check_golden("exec/script/flags.sh", every_operation(how, true));
}

TEST_CASE("a stage that finds everything in place starts no program", "[exec][script]") {
  test::scratch_directory dir;
  std::filesystem::create_directory(dir / "job.tmp");
  auto const w = make_shell_writer({.temporary_directory = dir / "job.tmp"});
  w->running_on("");
  w->variable("PATH", "/no/such");
  w->file_variable("KEY", "content");
  w->source_env(w->temporary_file("gitlab_runner_env"));
  w->make_directory(dir.path());
  w->make_temporary_directory("");
  w->change_directory(dir.path());
  w->remove_file(dir / "none");
  w->remove_directory(dir / "none");
  w->remove_files_recursive(dir / "none", "*.lock");
  w->take_owner_of(dir / "none", dir.path());
  w->write_file(dir / "file", "x");
  w->git_credential_helper(dir / "conf", "https://example.com");
  w->write_dotenv("env", {{"A", "b"}});
  w->user_commands({"echo end"}, "script_step");
  auto const ran = test::run_shell({"env", "PATH=/no/such", "/bin/bash"}, w->finish(false));
  CHECK(ran.err.empty());  // no "command not found"
  CHECK(ran.status.ok());
  CHECK(ran.out.ends_with("end\n"));
}

}  // namespace
}  // namespace corunner::exec
