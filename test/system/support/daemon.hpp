#pragma once

#include "test/system/support/world.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace corunner::test {

// A port of 127.0.0.1 that was free a moment ago, for programs that cannot choose one themselves.
std::uint16_t free_port(world& in);

// A real peer, which `arguments` must keep in the foreground; `program` is looked for where daemons
// are.
child_options daemon_program(world& in, std::string const& program,
                             std::vector<std::string> arguments);

// Squid, which lets `user` with `password` through and nobody else, and takes gitlab.test for
// loopback.
class squid {
 public:
  squid(world& in, std::string const& user, std::string const& password);

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // One line for every request or tunnel that has ended.
  std::string log() const;

 private:
  std::vector<std::string> configure(world& in, std::string const& user,
                                     std::string const& password);

  std::filesystem::path directory_;
  std::uint16_t port_;
  child process_;
};

}  // namespace corunner::test
