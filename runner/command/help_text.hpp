#pragma once

#include "runner/command/command.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// How much a help text tells. Who reads it on a screen gets what most people need; a pipe, where
// scripts search it, and --help-all get everything.
enum class extent { main, all };

// What help_text needs of the place it is printed on.
extent help_extent(bool all_of_help);

// The help of the program: its commands and global flags.
std::string application_help(std::string_view program, std::span<command_entry const> commands,
                             std::vector<flag> const& global, extent how_much);

// The help of one command; `name` is what a person types, with the group's: "config explain".
std::string command_help(std::string_view program, std::string_view name,
                         command_entry const& which, std::vector<flag> const& flags,
                         extent how_much);

// The help of a group: its commands, and the flags that stand before them.
std::string group_help(std::string_view program, command_entry const& which,
                       std::vector<flag> flags);

// The help of `help` itself.
std::string help_of_help(std::string_view program);

// What --version prints: six lines that scripts parse.
std::string version_block();

// Prints a help text to standard output, with bold headings where colours are welcome.
void print_help(std::string_view text);

}  // namespace corunner
