#pragma once

#include "config/config.hpp"
#include "config/failure.hpp"

#include <string>
#include <vector>

namespace corunner {

// Where GitLab reaches the sessions of jobs. observability.md 4.1, 4.2
struct session_host {
  std::string name;                     // host name or IP address, without brackets and port
  std::vector<std::string> unreadable;  // addresses that were passed over: not `host:port`
};

// The host of advertise_address, or of listen_address when that names none. It fails as a service
// has to that was told to offer sessions at an address which nobody can use.
config::outcome<session_host> session_host_of(config::session_server const& settings);

}  // namespace corunner
