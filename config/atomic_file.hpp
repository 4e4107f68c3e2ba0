#pragma once

#include "config/failure.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::config {

// All of a file; the failure is "open /path: permission denied" and its like. `missing` tells a
// file that is not there from one that cannot be read.
struct file_text {
  std::string bytes;
  bool missing = false;
};
outcome<file_text> read_file(std::filesystem::path const& file);

// Makes a directory, and those above it, with mode 0700 unless it is there.
std::optional<failure> make_directory(std::filesystem::path const& directory);

// Replaces `file` by way of a temporary one beside it: written, synced, renamed. A new file gets
// mode 0600; an existing one keeps mode and owner, and a symbolic link stays one. Where renaming
// is impossible (bind mount) the file is written in place.
std::optional<failure> replace_file(std::filesystem::path const& file, std::string_view bytes);

}  // namespace corunner::config
