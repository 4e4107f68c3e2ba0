#pragma once

#include "exec/script/shell_writer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// Writes for cmd, the batch files of old Windows systems; always run as a file.
//
// Conditions are jumps, never blocks in parentheses: `%errorlevel%` is then that of the command
// before, and a parenthesis in a text ends nothing. What is generated runs without delayed
// expansion, so that
// `!` is a character like others; the user's commands run with it, as they always did.
// What cmd cannot hold: a carriage return in a value, an empty variable, a line (a value) beyond
// 8191 characters, text outside of the system's code page, the marks of sections. A file that
// begins with a blank, `=`, `"` or a line break has CRLF at the end of each line, any other its
// very bytes. shells.md 11
class cmd_writer final : public shell_writer {
 public:
  explicit cmd_writer(shell_writer_options how);

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
  struct branch {
    int number;
    bool has_else;
  };

  void check();
  void reset_error();
  void file_variable_path(std::string_view name, std::string_view path);
  void begin_if(std::string_view unless);
  void echo(std::string_view literal, bool delayed = false);
  void write_content(std::string_view path, std::string_view content, bool append);
  void write_lines(std::string const& file, std::string_view content);

  shell_writer_options how_;
  std::string body_;
  std::vector<branch> branches_;  // open conditions
  int next_branch_ = 1;
};

}  // namespace corunner::exec
