#pragma once

#include "config/secret.hpp"
#include "runner/command/flag.hpp"
#include "runner/gitlab/api_client.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace corunner {

// What `register` can be told besides the entry itself. Most of it is for registration tokens
// only: runners made in GitLab have these settings there.
struct register_options {
  std::string template_file;
  std::string tag_list;
  bool non_interactive = false;
  bool leave_runner = false;
  std::string registration_token;
  bool run_untagged = false;
  bool locked = true;
  std::string access_level;
  std::int64_t maximum_timeout = 0;
  bool paused = false;
  std::string maintenance_note;

  // Whether anything was set that belongs to the server for a runner made in GitLab.
  bool has_server_side_settings() const;
  bool has_valid_access_level() const;

  // The body of the legacy registration.
  gitlab::registration registration(std::string const& description) const;

  std::vector<flag> flags();
};

}  // namespace corunner
