#pragma once

#include "runner/command/command.hpp"

#include <string>
#include <string_view>

namespace corunner {

// The name of the manual page of a command ("config explain": corunner-config-explain), of the
// program for "".
std::string manual_name(std::string_view program, std::string_view command);

// Manual pages in the language of man(7), made of what help is made of: the one of the program
// lists commands and global flags, that of a command its flags with defaults and variables, and its
// group's.
std::string program_manual(std::string_view program);
std::string command_manual(std::string_view program, called_command const& of,
                           std::vector<flag> const& flags,
                           std::vector<flag> const& group_flags = {});

}  // namespace corunner
