#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corunner::exec {

// What decides about the text of every script of one job.
struct shell_writer_options {
  std::string shell = "bash";  // bash, sh, pwsh, powershell, cmd; dummy: see dummy_executor.hpp
  std::string temporary_directory;   // <build dir>.tmp; may be relative to the start directory
  std::string host_name;             // printed by running_on(); empty: the shell finds it out
  bool posix_escapes = false;        // FF_POSIXLY_CORRECT_ESCAPES
  bool legacy_eval = false;          // FF_USE_LEGACY_BASH_EVAL
  bool exit_code_check = false;      // FF_ENABLE_BASH_EXIT_CODE_CHECK
  bool script_sections = false;      // FF_SCRIPT_SECTIONS, and the server takes sections
  bool as_file = false;              // the shell is given the name of a file, not its stdin
};

// Writes the script of one stage, operation by operation; which words a shell needs for them is the
// business of the writer behind it (bash_writer, powershell_writer, cmd_writer).
//
// Three kinds of text, told apart by the parameter names:
//   literal  reaches the program, variable or log byte for byte;
//   path     literal too, but `$NAME` in it is active, so that "$PWD/builds" works;
//   active   the shell expands it as between double quotes, on purpose.
// A failing command ends the stage with its exit status, except where an operation says otherwise.
// The operations start no program where the shell has a builtin: an empty stage starts none.
// Shape and quirks: shells.md 3 to 7.
class shell_writer {
 public:
  using words = std::vector<std::string>;
  using variables = std::vector<std::pair<std::string, std::string>>;

  virtual ~shell_writer() = default;

  // --- variables ---------------------------------------------------------------------------------
  // Exports NAME. A name that no shell can export fails the stage, as with the reference. A value
  // that begins with a relative temporary directory is made absolute.
  virtual void variable(std::string_view name, std::string_view literal) = 0;
  // Exports NAME with what the shell makes of `active`.
  virtual void active_variable(std::string_view name, std::string_view active) = 0;
  // Writes `content`, no newline added, to temporary_file(name) and exports NAME as its path.
  virtual void file_variable(std::string_view name, std::string_view content) = 0;
  // Exports NAME as the path of a file variable that an earlier stage wrote (cleanup).
  virtual void file_variable_path(std::string_view name) = 0;
  // Exports each line NAME=value of the file, unevaluated (GITLAB_ENV). A missing file is created,
  // and the temporary directory for it. In bash a blank line or a bad name fails the stage.
  virtual void source_env(std::string_view path) = 0;

  // --- commands ----------------------------------------------------------------------------------
  virtual void command(words const& literals) = 0;
  // With variables that this one command gets, which no list of processes shows.
  virtual void command_with(variables const& literal_values, words const& literals) = 0;
  // The first word is literal, the others are active.
  virtual void command_expand(words const& actives) = 0;
  // Feeds `input` and a newline to the command. Best effort: nothing it does fails the stage.
  virtual void command_with_input(std::string_view input, words const& literals,
                                  bool best_effort) = 0;
  // A line of shell text as it is; for what only the executor or the user can know.
  virtual void line(std::string_view text) = 0;
  // The entries of a script, each echoed first (shells.md 7). `section_prefix` names them when
  // script sections are on: script_step, pre_build_script, after_script_step, ...
  virtual void user_commands(std::vector<std::string> const& commands,
                             std::string_view section_prefix) = 0;

  // --- conditions: if_... [otherwise] end_if, nested at will -------------------------------------
  virtual void if_directory(std::string_view path) = 0;
  virtual void if_file(std::string_view path) = 0;
  virtual void if_readable(std::string_view path) = 0;
  // The file has these lines one after the other, whatever blanks stand around each. A way around a
  // program that would find nothing to do: a shell that cannot tell without starting one says no.
  virtual void if_file_has_lines(std::string_view path, words const& literals) = 0;
  // The command works; what it prints is thrown away.
  virtual void if_command(words const& literals) = 0;
  // The command works; what it prints is shown.
  virtual void if_command_with_output(words const& literals) = 0;
  virtual void if_command_with_output_expand(words const& actives) = 0;
  // `version` is two or three numbers; prints `Git version at least "2.49"` when it holds.
  virtual void if_git_version_at_least(std::string_view version) = 0;
  // `git lfs` can be called.
  virtual void if_git_lfs() = 0;
  virtual void otherwise() = 0;
  virtual void end_if() = 0;

  // --- files -------------------------------------------------------------------------------------
  virtual void change_directory(std::string_view path) = 0;
  // With its parents; starts nothing when it is there.
  virtual void make_directory(std::string_view path) = 0;
  // A directory of that name in the temporary directory; returns its path.
  virtual std::string make_temporary_directory(std::string_view name) = 0;
  // Everything in it too, also what has no write permission.
  virtual void remove_directory(std::string_view path) = 0;
  virtual void remove_file(std::string_view path) = 0;
  // Files, or directories, below `path` whose base name matches the pattern (`*.lock`).
  virtual void remove_files_recursive(std::string_view path, std::string_view name_pattern) = 0;
  virtual void remove_directories_recursive(std::string_view path,
                                            std::string_view name_pattern) = 0;
  // `content` as it is, replacing what was there.
  virtual void write_file(std::string_view path, std::string_view content) = 0;
  // `content` as it is, after what the file has.
  virtual void append_to_file(std::string_view path, std::string_view content) = 0;
  // When `owner_file` is there: everything in `directory` gets the owner that the file has.
  virtual void take_owner_of(std::string_view owner_file, std::string_view directory) = 0;

  // --- what the log shows ------------------------------------------------------------------------
  virtual void print(std::string_view literal) = 0;    // plain
  virtual void notice(std::string_view literal) = 0;   // bold green
  virtual void warning(std::string_view literal) = 0;  // yellow
  virtual void error(std::string_view literal) = 0;    // bold red
  virtual void empty_line() = 0;
  // "Running on <host>..." without colour, " via <runner_host>" when that is given.
  virtual void running_on(std::string_view runner_host) = 0;
  virtual void section_start(std::string_view name, std::string_view header) = 0;
  virtual void section_end(std::string_view name) = 0;

  // --- git and the helper ------------------------------------------------------------------------
  // In the git configuration file: `credential.<origin>.helper` answers with $CI_JOB_TOKEN, and the
  // user name is gitlab-ci-token (job-lifecycle.md 13.4).
  virtual void git_credential_helper(std::string_view configuration_file,
                                     std::string_view origin) = 0;
  // Writes NAME="value" lines to temporary_file(name); returns its path. Names that are no
  // identifiers are left out, the others sorted.
  virtual std::string write_dotenv(std::string_view name, variables const& values) = 0;

  // --- paths -------------------------------------------------------------------------------------
  // The same path, or `$PWD/path` for a relative one.
  virtual std::string absolute(std::string_view path) const = 0;
  virtual std::string join(std::string_view directory, std::string_view name) const = 0;
  // A file of that name in the temporary directory, absolute.
  virtual std::string temporary_file(std::string_view name) const = 0;

  // The whole script; the writer is used up. `trace`: show commands as they run (CI_DEBUG_TRACE).
  virtual std::string finish(bool trace) = 0;
};

// The writer for a `shell` of config.toml; null for a name that nobody knows.
std::unique_ptr<shell_writer> make_shell_writer(shell_writer_options how);

// True for the names that make_shell_writer knows.
bool is_known_shell(std::string_view name);

// True for what a shell takes as the name of a variable.
bool is_identifier(std::string_view name);

}  // namespace corunner::exec
