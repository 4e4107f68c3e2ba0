#pragma once

#include "runner/command/flag.hpp"
#include "runner/command/services.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// One command line command while it runs. Its flags point at its own members.
class command {
 public:
  virtual ~command() = default;

  virtual std::vector<flag> flags() = 0;

  // Does it; the result is the exit code. `arguments` is what stood there besides flags.
  virtual awaitable<int> run(std::vector<std::string> arguments) = 0;
};

enum class visibility { shown, hidden };

// Whether the stop signals (INT, TERM, QUIT, HUP) keep their default action, or stay blocked until
// the command itself opens them (stop_signals.hpp).
enum class stopping { by_default, by_command };

// Whether the start is logged ("Runtime platform"). Commands whose output a person watches do
// without.
enum class greeting { logged, none };

// What a group does with a word that is none of its commands: refuses it, or shows its help and is
// content, as scripts expect of some groups of GitLab Runner.
enum class stray_word { refused, shows_help };

// A row of the table of commands; the command object is made only when it is called. A group has
// `below` instead: "config explain".
struct command_entry {
  std::string_view name;
  std::string_view summary;
  std::unique_ptr<command> (*make)(services& all);
  bool in_helper = false;              // also a command of gitlab-runner-helper
  stopping signals = stopping::by_default;
  visibility shown = visibility::shown;
  greeting start = greeting::logged;
  std::string_view arguments = "[arguments...]";  // for the help text
  std::span<command_entry const> below = {};
  mixing words = mixing::anywhere;  // a command that runs another leaves that one's flags alone
  std::vector<flag> (*flags)(services& all) = nullptr;  // of a group: they stand before its command
  stray_word stray = stray_word::refused;               // of a group
};

// All commands in the order of help (command_table.cpp).
std::span<command_entry const> all_commands();

// A command that can be called, with the name that a person types: "config explain".
struct called_command {
  std::string name;
  command_entry const* which;
  command_entry const* group = nullptr;  // in which it is, if it is in one
};

// All of them, those below groups instead of the groups.
std::vector<called_command> callable_commands();

}  // namespace corunner
