#pragma once

#include "config/failure.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::config {

// Who we are towards GitLab: one id per machine, in `.runner_system_id` next to the configuration
// file.
struct system_id {
  std::string value;
  bool created = false;                // it was not in the file before
  std::optional<failure> not_written;  // it could not be put there: the id serves this process only
};

// ^[sr]_[0-9a-zA-Z]{12}$
bool is_system_id(std::string_view text);

// "s_" and 12 hex digits that follow from the machine's id; "r_" and 12 random characters for an
// empty one.
std::string make_system_id(std::string_view machine_id);

// The id of the operating system's installation, or "".
std::string machine_id();

// Reads the file in `directory`, or makes an id and writes it there (0600). Fails when a file is
// there but cannot be read.
outcome<system_id> load_system_id(std::filesystem::path const& directory);

}  // namespace corunner::config
