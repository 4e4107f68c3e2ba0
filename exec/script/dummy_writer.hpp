#pragma once

#include "exec/script/shell_writer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// Writes for the dummy executor: only what the log shows and the user's commands.
//
// Nothing touches a file or starts a program. Conditions are decided while writing: no file or
// directory is there, every command works, git is old; what stands in the other branch is left out.
class dummy_writer final : public shell_writer {
 public:
  explicit dummy_writer(shell_writer_options how);

  void variable(std::string_view, std::string_view) override {}
  void active_variable(std::string_view, std::string_view) override {}
  void file_variable(std::string_view, std::string_view) override {}
  void file_variable_path(std::string_view) override {}
  void source_env(std::string_view) override {}

  void command(words const&) override {}
  void command_with(variables const&, words const&) override {}
  void command_expand(words const&) override {}
  void command_with_input(std::string_view, words const&, bool) override {}
  void line(std::string_view) override {}
  void user_commands(std::vector<std::string> const& commands,
                     std::string_view section_prefix) override;

  void if_directory(std::string_view) override { open(false); }
  void if_file(std::string_view) override { open(false); }
  void if_readable(std::string_view) override { open(false); }
  void if_file_has_lines(std::string_view, words const&) override { open(false); }
  void if_command(words const&) override { open(true); }
  void if_command_with_output(words const&) override { open(true); }
  void if_command_with_output_expand(words const&) override { open(true); }
  void if_git_version_at_least(std::string_view) override { open(false); }
  void if_git_lfs() override { open(true); }
  void otherwise() override;
  void end_if() override { taken_.pop_back(); }

  void change_directory(std::string_view) override {}
  void make_directory(std::string_view) override {}
  std::string make_temporary_directory(std::string_view name) override;
  void remove_directory(std::string_view) override {}
  void remove_file(std::string_view) override {}
  void remove_files_recursive(std::string_view, std::string_view) override {}
  void remove_directories_recursive(std::string_view, std::string_view) override {}
  void write_file(std::string_view, std::string_view) override {}
  void append_to_file(std::string_view, std::string_view) override {}
  void take_owner_of(std::string_view, std::string_view) override {}

  void print(std::string_view literal) override;
  void notice(std::string_view literal) override;
  void warning(std::string_view literal) override;
  void error(std::string_view literal) override;
  void empty_line() override { show(""); }
  void running_on(std::string_view runner_host) override;
  void section_start(std::string_view, std::string_view header) override { notice(header); }
  void section_end(std::string_view) override {}

  void git_credential_helper(std::string_view, std::string_view) override {}
  std::string write_dotenv(std::string_view name,
                           std::vector<std::pair<std::string, std::string>> const&) override;

  std::string absolute(std::string_view path) const override { return std::string(path); }
  std::string join(std::string_view directory, std::string_view name) const override;
  std::string temporary_file(std::string_view name) const override;

  std::string finish(bool trace) override;

 private:
  void open(bool taken) { taken_.push_back(taken); }
  bool skipped() const;
  void show(std::string_view text);

  shell_writer_options how_;
  std::string body_;
  std::vector<bool> taken_;  // of each open condition
};

}  // namespace corunner::exec
