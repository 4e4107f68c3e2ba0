#pragma once

#include "exec/script/shell_writer.hpp"

#include <string>
#include <utility>

namespace corunner::test {

// Every operation once, as stages use them.
inline std::string every_operation(exec::shell_writer_options how, bool trace) {
  how.temporary_directory = "/builds/project.tmp";
  auto const w = exec::make_shell_writer(std::move(how));
  w->running_on("");
  w->running_on("runner host");
  w->variable("NAME", "it's a $value\n");
  w->active_variable("PLACE", "$PWD/here");
  w->file_variable("KEY", "the secret");
  w->file_variable_path("OLD_KEY");
  w->source_env(w->temporary_file("gitlab_runner_env"));
  w->command({"git", "init", "$PWD/a b"});
  w->command_with({{"CI_JOB_TOKEN", "secret"}}, {"helper", "artifacts-uploader"});
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
  w->if_file_has_lines("/c", {"[a \"b\"]", "c = d"});
  w->end_if();
  w->end_if();
  w->if_git_lfs();
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
  w->append_to_file("/conf", "\td = e\n");
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

}  // namespace corunner::test
