#pragma once

#include "runner/command/command.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// The help of the program: its commands and global flags.
std::string application_help(std::string_view program, std::span<command_entry const> commands,
                             std::vector<flag> const& global);

// The help of one command; `name` is what a person types, with the group's: "config explain".
std::string command_help(std::string_view program, std::string_view name, command_entry const& which,
                         std::vector<flag> const& flags);

// The help of a group: its commands.
std::string group_help(std::string_view program, command_entry const& which);

// What --version prints: six lines that scripts parse.
std::string version_block();

}  // namespace corunner
