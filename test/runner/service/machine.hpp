#pragma once

#include "runner/service/service_host.hpp"
#include "test/exec/script/real_shell.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace corunner::test {

// A machine in a directory, with the files and tools that a test puts there. A tool writes down how
// it was called, and prints and returns what it was given.
struct machine {
  machine() { std::filesystem::create_directories(root() / "bin"); }

  std::filesystem::path root() const { return directory.path(); }
  service_host host() const {
    return {.root = root(), .search_path = (root() / "bin").string(), .home = root() / "home"};
  }

  void add_file(std::string const& name, std::string const& text = "") const {
    std::filesystem::create_directories((root() / name).parent_path());
    directory.write(name, text);
  }
  void add_directory(std::string const& name) const {
    std::filesystem::create_directories(root() / name);
  }

  void add_tool(std::string const& name, std::string const& prints = "", int returns = 0) const {
    auto const file = "bin/" + name;
    directory.write(file, "#!/bin/sh\necho \"" + name + " $*\" >> '" + (root() / "calls").string() +
                              "'\nprintf '%s' '" + prints + "'\nexit " + std::to_string(returns) +
                              "\n");
    std::filesystem::permissions(root() / file, std::filesystem::perms::owner_all);
  }
  // How tools were called since the last time, a line each.
  std::string calls() const {
    auto const text = directory.read("calls");
    std::filesystem::remove(root() / "calls");
    return text;
  }

  scratch_directory directory;
};

}  // namespace corunner::test
