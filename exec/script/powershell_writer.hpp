#pragma once

#include "exec/script/shell_writer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// Writes for PowerShell: Core (`pwsh`) and the Desktop edition of Windows (`powershell`).
//
// The script is one block, `& { ... }` and an empty line, because a PowerShell that reads its stdin
// runs statement by statement; only as a file of the Desktop edition it stands alone. A command
// that fails ends it with the command's exit code, or 1. Text is UTF-8; a value that is not valid
// UTF-8 cannot be a PowerShell string and arrives with U+FFFD in its place. Files are named to .NET
// by their full path: its working directory is not that of the shell. shells.md 4.5 and 10
class powershell_writer final : public shell_writer {
 public:
  explicit powershell_writer(shell_writer_options how);

  void variable(std::string_view name, std::string_view literal) override;
  void active_variable(std::string_view name, std::string_view active) override;
  void file_variable(std::string_view name, std::string_view content) override;
  void file_variable_path(std::string_view name) override;
  void source_env(std::string_view path) override;

  void command(words const& literals) override;
  void command_with(variables const& literal_values, words const& literals) override;
  void command_expand(words const& actives) override;
  void command_with_input(std::string_view input, words const& literals, bool best_effort) override;
  void line(std::string_view text) override;
  void user_commands(std::vector<std::string> const& commands,
                     std::string_view section_prefix) override;

  void if_directory(std::string_view path) override;
  void if_file(std::string_view path) override;
  void if_readable(std::string_view path) override;
  void if_file_has_lines(std::string_view path, words const& literals) override;
  void if_command(words const& literals) override;
  void if_command_with_output(words const& literals) override;
  void if_command_with_output_expand(words const& actives) override;
  void if_git_version_at_least(std::string_view version) override;
  void if_git_lfs() override;
  void otherwise() override;
  void end_if() override;

  void change_directory(std::string_view path) override;
  void make_directory(std::string_view path) override;
  std::string make_temporary_directory(std::string_view name) override;
  void remove_directory(std::string_view path) override;
  void remove_file(std::string_view path) override;
  void remove_files_recursive(std::string_view path, std::string_view name_pattern) override;
  void remove_directories_recursive(std::string_view path, std::string_view name_pattern) override;
  void write_file(std::string_view path, std::string_view content) override;
  void append_to_file(std::string_view path, std::string_view content) override;
  void take_owner_of(std::string_view owner_file, std::string_view directory) override;

  void print(std::string_view literal) override;
  void notice(std::string_view literal) override;
  void warning(std::string_view literal) override;
  void error(std::string_view literal) override;
  void empty_line() override;
  void running_on(std::string_view runner_host) override;
  void section_start(std::string_view name, std::string_view header) override;
  void section_end(std::string_view name) override;

  void git_credential_helper(std::string_view configuration_file, std::string_view origin) override;
  std::string write_dotenv(std::string_view name, variables const& values) override;

  std::string absolute(std::string_view path) const override;
  std::string join(std::string_view directory, std::string_view name) const override;
  std::string temporary_file(std::string_view name) const override;

  std::string finish(bool trace) override;

 private:
  void check();
  void assign(std::string_view name, std::string const& value);
  void begin_if(std::string_view condition);
  void begin_if_works(std::string const& call);
  void echo(std::string const& quoted);
  void write_content(std::string_view path, std::string_view content, std::string_view method);
  void remove_recursive(std::string_view path, std::string_view name_pattern,
                        std::string_view kind);

  shell_writer_options how_;
  bool core_;
  std::string_view end_of_line_;
  std::string body_;
  std::size_t depth_ = 0;  // of open conditions
};

}  // namespace corunner::exec
