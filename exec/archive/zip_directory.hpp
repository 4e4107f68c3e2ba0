#pragma once

#include "exec/archive/input_file.hpp"
#include "exec/archive/safe_tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace corunner::exec {

// A member as the central directory of a zip tells of it.
struct zip_member {
  enum class kind { file, directory, link, special };

  std::string name;
  kind what = kind::file;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;  // of its local header in the file
  file_metadata metadata;
};

inline constexpr char const* not_a_zip = "zip: not a valid zip file";

// Reads the central directory: zip64 or not, bytes in front and a comment behind allowed. On
// failure `failure` says why. Members that share bytes with one another or with the directory are
// refused: that is how a small file becomes petabytes. A directory of more than 1 GiB is, too;
// memory is some times its length.
std::vector<zip_member> read_zip_directory(input_file const& file, std::string& failure);

}  // namespace corunner::exec
