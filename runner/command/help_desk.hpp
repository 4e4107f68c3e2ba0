#pragma once

#include "runner/command/command.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// Knows the commands of this program, of which the helper has fewer, and answers who asks for help
// or for something that is not there. Answers are exit codes: what there is to say has been
// printed.
class help_desk {
 public:
  help_desk(services& all, bool helper) : all_(all), helper_(helper) {}

  command_entry const* find(std::string_view name) const;
  std::string application_page(bool all_of_help) const;
  std::string group_page(command_entry const& group) const;

  // `help` with these words: nothing, a command, or a group and a command of it.
  int show(std::vector<std::string> const& words) const;

  // No such command, perhaps another one was meant: one of `known`, else of the program.
  int not_found(std::string const& name) const;
  int not_found(std::string const& name, std::span<command_entry const> known) const;

 private:
  std::vector<command_entry> commands() const;

  services& all_;
  bool helper_;
};

// -h, --help, --help-all.
bool is_help_flag(std::string_view word);

command_entry const* find_command(std::span<command_entry const> all, std::string_view name);

}  // namespace corunner
