#pragma once

#include "exec/script/shell_writer.hpp"

#include <array>
#include <string>
#include <string_view>

namespace corunner::exec {

// What is the same whatever the shell: colours, how commands are announced, and the files that
// scripts write.

inline constexpr std::string_view bold_green = "\x1b[32;1m";
inline constexpr std::string_view bold_red = "\x1b[31;1m";
inline constexpr std::string_view yellow = "\x1b[0;33m";
inline constexpr std::string_view reset = "\x1b[0;m";

// A command of the user without the white space around it.
std::string_view trimmed(std::string_view text);

// "$ make", or "$ make \ # collapsed multi-line command" for a command of several lines, trimmed.
// shells.md 7
std::string heading_of(std::string_view command);

// Prints that line before the command; with `sections`, for one of several lines, the whole command
// in a section of that name. shells.md 7
void announce_command(shell_writer& into, std::string_view command, bool sections,
                      std::string_view section_name);

// A git configuration that answers for an origin with $CI_JOB_TOKEN. The helper runs in the shell
// that git brings along. job-lifecycle.md 13.4
std::string credential_configuration(std::string_view origin);

// NAME="value" lines, sorted, without the names that are no identifiers. shells.md 4.4
std::string dotenv_text(shell_writer::variables const& values);

// Directory and name with one slash between; the name alone for no directory or ".".
std::string joined_path(std::string_view directory, std::string_view name);

// The numbers of "2.49" or "2.49.1", with zeros for what is missing.
std::array<unsigned, 3> version_fields(std::string_view version);

}  // namespace corunner::exec
