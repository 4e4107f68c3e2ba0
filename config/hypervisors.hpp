#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.ssh]
struct ssh_settings : open_table {
  std::string user;
  secret password;
  std::string host;
  std::string port;
  std::string identity_file;
  std::optional<bool> disable_strict_host_key_checking;
  std::string known_hosts_file;

  bool operator==(ssh_settings const&) const = default;
};

// [runners.parallels]
struct parallels_settings : open_table {
  std::string base_name;
  std::string template_name;
  bool disable_snapshots = false;
  std::string time_server;
  std::vector<std::string> allowed_images;

  bool operator==(parallels_settings const&) const = default;
};

// [runners.virtualbox]
struct virtualbox_settings : open_table {
  std::string base_name;
  std::string base_snapshot;
  std::string base_folder;
  bool disable_snapshots = false;
  std::vector<std::string> allowed_images;
  std::string start_type;

  bool operator==(virtualbox_settings const&) const = default;
};

}  // namespace corunner::config
