#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace corunner::test {

// A folder for one test, gone with it.
class scratch {
 public:
  scratch();
  ~scratch();
  scratch(scratch const&) = delete;
  scratch& operator=(scratch const&) = delete;

  std::string path(std::string_view below = {}) const;
  // Makes parents, too; `modified` is seconds since 1970.
  void file(std::string_view name, std::string_view content, unsigned mode = 0644,
            std::int64_t modified = 1'600'000'000) const;
  void folder(std::string_view name, unsigned mode = 0755) const;
  void link(std::string_view name, std::string_view target) const;
  std::string read(std::string_view name) const;
  unsigned mode(std::string_view name) const;
  std::int64_t modified(std::string_view name) const;
  bool exists(std::string_view name) const;  // a dangling link does
  // One line per entry, sorted: "name", "name/", "name -> target", "name = content" for short
  // files.
  std::string list(std::string_view below = {}) const;

 private:
  std::filesystem::path root_;
};

// Runs a command of the shell in `directory`; its exit code, and what it printed.
struct shell_answer {
  int exit_code;
  std::string output;
};
shell_answer shell(std::string const& directory, std::string const& command);

}  // namespace corunner::test
