#pragma once

#include "net/asio.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace corunner::exec {

// A script in a file, alone in a directory, both for us only (0700); gone with its owner. shells.md
// 9
class script_file {
 public:
  // `directory` must not be there yet.
  static result<script_file> make(std::filesystem::path const& directory, std::string_view name,
                                  std::string_view text);

  script_file(script_file&& other) noexcept : directory_(other.directory_), file_(other.file_) {
    other.directory_.clear();
  }
  script_file& operator=(script_file&&) = delete;
  ~script_file();

  std::string path() const { return file_.string(); }

 private:
  script_file(std::filesystem::path directory, std::string_view name)
      : directory_(std::move(directory)), file_(directory_ / name) {}

  std::filesystem::path directory_;
  std::filesystem::path file_;
};

}  // namespace corunner::exec
