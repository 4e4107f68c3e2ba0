#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace corunner {

// A directory of our own below the system's temporary one, mode 0700, removed with everything in it
// by the destructor.
class temporary_directory {
 public:
  // `name` begins its name. Empty path when it cannot be made: see failure().
  explicit temporary_directory(std::string const& name);
  ~temporary_directory();
  temporary_directory(temporary_directory const&) = delete;
  temporary_directory& operator=(temporary_directory const&) = delete;

  std::filesystem::path const& path() const { return path_; }
  std::string const& failure() const { return failure_; }

 private:
  std::filesystem::path path_;
  std::string failure_;
};

}  // namespace corunner
