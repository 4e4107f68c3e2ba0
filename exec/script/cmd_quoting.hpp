#pragma once

#include <string>
#include <string_view>

namespace corunner::exec {

// How a batch file reads a line: as it is when `!` means nothing, or with delayed expansion.
enum class cmd_expansion { immediate, delayed };

// Text of a batch file that stands for itself, outside of quotes: in `echo:`, `set NAME=`. A line
// break becomes a caret and two ends of line; carriage returns are left out. shells.md 11
std::string escape_cmd(std::string_view text, cmd_expansion mode = cmd_expansion::immediate);

// An argument that a program, which parses its command line as Microsoft's C library does, gets as
// it is.
std::string quote_cmd_argument(std::string_view text);

// The word of a command: a program's name or path.
std::string quote_cmd_program(std::string_view text);

// Between double quotes, with `$NAME` and `${NAME}` as %NAME% ($PWD and $HOME by their names here).
std::string quote_cmd_active(std::string_view text);

// The same for a path, with backslashes: what is built into cmd takes a slash for a switch.
std::string quote_cmd_path(std::string_view path);

}  // namespace corunner::exec
