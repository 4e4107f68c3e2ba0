#pragma once

#include "config/field_types.hpp"

#include <string>
#include <vector>

namespace corunner::config {

// [[runners.docker.services]]
struct service_settings : open_table {
  std::string name;
  std::string alias;
  std::vector<std::string> command;
  std::vector<std::string> entrypoint;
  std::vector<std::string> environment;
  std::string suspend_data_path;

  bool operator==(service_settings const&) const = default;
};

}  // namespace corunner::config
