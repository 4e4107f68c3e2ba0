#pragma once

#include "runner/command/flag.hpp"

#include <optional>
#include <string>
#include <vector>

namespace corunner {

// The flags before the command's name.
struct global_options {
  std::string cpu_profile;
  bool debug = false;
  std::optional<std::string> format;
  std::optional<std::string> level;
  bool help = false;
  bool all_of_help = false;
  bool version = false;

  std::vector<flag> flags();
};

}  // namespace corunner
