#pragma once

#include "exec/process/posix_launcher.hpp"
#include "runner/coordinator/git/git.hpp"
#include "test/exec/real_loop.hpp"
#include "test/net/temporary_directory.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace corunner::test {

// Real git, real time, a directory that goes away.
class git_world {
 public:
  real_loop loop;
  exec::posix_launcher launcher{loop.io.get_executor(), loop.time};
  coordinator::git git{launcher, loop.time};
  temporary_directory directory;

  std::filesystem::path path(std::string const& name) const { return directory.path() / name; }
  void write(std::string const& name, std::string const& text);
  std::string read(std::string const& name) const;

  // git in that directory; what it printed. Fails the test when git fails.
  std::string run(std::string const& directory, std::vector<std::string> arguments);
  coordinator::git_result try_run(
      std::string const& directory, std::vector<std::string> arguments,
      std::vector<std::pair<std::string, std::string>> environment = {});
  // A repository with one commit: a.txt on branch main.
  void make_repository(std::string const& name);
  // All files below a directory with their contents, to see that nothing changed.
  std::vector<std::string> fingerprint(std::string const& name) const;
};

}  // namespace corunner::test
