// Whole scripts, byte for byte: what a shell is given is looked at when it changes.
#include "exec/script/shell_writer.hpp"
#include "test/exec/script/every_operation.hpp"
#include "test/exec/script/real_shell.hpp"
#include "test/support/golden.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace corunner::exec {
namespace {

TEST_CASE("the script of every operation, in ANSI-C quotes", "[exec][script]") {
  test::check_golden("exec/script/bash.sh", test::every_operation({}, false));
}

TEST_CASE("the script of every operation, for any POSIX shell", "[exec][script]") {
  test::check_golden("exec/script/posix.sh",
                     test::every_operation({.shell = "sh", .posix_escapes = true}, false));
}

TEST_CASE("the script of every operation, with every flag", "[exec][script]") {
  shell_writer_options const how{.host_name = "host1",
                                 .posix_escapes = true,
                                 .legacy_eval = true,
                                 .exit_code_check = true,
                                 .script_sections = true};
  test::check_golden("exec/script/flags.sh", test::every_operation(how, true));
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
