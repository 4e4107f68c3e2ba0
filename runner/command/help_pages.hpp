#pragma once

#include <span>
#include <string_view>

namespace corunner {

// What help and manual pages tell of a command besides its flags. Commands are named as a person
// types them: "register", "config explain"; "" is the program.

// One line to type, behind the program's name, and what it does.
struct example {
  std::string_view command;
  std::string_view words;
  std::string_view about;
};
std::span<example const> all_examples();

// Flags that most people need, of a command that has more of them than a screen has lines.
struct flag_group {
  std::string_view command;
  std::string_view title;
  std::string_view flags;  // long names: "url, token"
};
std::span<flag_group const> main_flags();

}  // namespace corunner
