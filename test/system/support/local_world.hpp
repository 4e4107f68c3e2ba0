#pragma once

#include "test/system/support/world.hpp"

namespace corunner::test {

// A repository and `corunner local` in it.
struct local_world : world {
  explicit local_world(std::string const& pipeline) : repo(make_repository("repo", pipeline)) {}

  child start_local(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), "local");
    return start(std::move(arguments), {.directory = repo, .environment = {}});
  }
  // To its end.
  finished local(std::vector<std::string> arguments = {}) {
    auto running = start_local(std::move(arguments));
    finished result;
    result.code = running.wait();
    result.out = running.out();
    result.err = running.err();
    return result;
  }

  std::filesystem::path repo;
};

inline bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace corunner::test
