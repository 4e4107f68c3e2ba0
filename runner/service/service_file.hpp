#pragma once

#include "runner/service/service_host.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace corunner {

// A program that is to be started with the machine.
struct service_definition {
  std::string name;
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::string user;  // the account of the process itself; empty: root, or whose service it is
  bool of_user = false;        // a service of the user's own; systemd only
};

// Where an init system looks for the service; empty for init_system::none.
std::filesystem::path service_file_path(init_system system, std::string const& name, bool of_user,
                                        service_host const& host);

// What stands there. Any byte but a newline may be in the program's path and arguments.
std::string service_file_text(init_system system, service_definition const& what);

}  // namespace corunner
