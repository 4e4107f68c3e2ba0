#include "test/runner/coordinator/git/git_world.hpp"

#include "runner/coordinator/token.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace corunner::test {

void git_world::write(std::string const& name, std::string const& text) {
  std::filesystem::create_directories(path(name).parent_path());
  std::ofstream(path(name), std::ios::binary) << text;
}

std::string git_world::read(std::string const& name) const {
  std::ostringstream text;
  text << std::ifstream(path(name), std::ios::binary).rdbuf();
  return text.str();
}

coordinator::git_result git_world::try_run(
    std::string const& where, std::vector<std::string> arguments,
    std::vector<std::pair<std::string, std::string>> environment) {
  coordinator::git_call call;
  call.directory = path(where);
  call.arguments = std::move(arguments);
  call.environment = std::move(environment);
  call.environment.emplace_back("GIT_CONFIG_GLOBAL", "/dev/null");
  return loop.run(git.run(std::move(call)));
}

std::string git_world::run(std::string const& where, std::vector<std::string> arguments) {
  auto const ended = try_run(where, std::move(arguments));
  INFO(ended.err);
  REQUIRE(ended.ok());
  return ended.line();
}

void git_world::make_repository(std::string const& name) {
  std::filesystem::create_directories(path(name));
  run(name, {"init", "--quiet", "-b", "main"});
  run(name, {"config", "user.name", "Ann"});
  run(name, {"config", "user.email", "ann@example.com"});
  write(name + "/a.txt", "one\n");
  run(name, {"add", "."});
  run(name, {"commit", "--quiet", "-m", "first commit\n\nwith a body"});
}

std::vector<std::string> git_world::fingerprint(std::string const& name) const {
  std::vector<std::string> lines;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(path(name))) {
    if (!entry.is_regular_file()) continue;
    auto const relative = std::filesystem::relative(entry.path(), directory.path()).string();
    lines.push_back(relative + " " + coordinator::sha256(read(relative)));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace corunner::test
