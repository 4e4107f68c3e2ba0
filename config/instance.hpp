#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.instance]
struct instance_settings : open_table {
  std::vector<std::string> allowed_images;
  bool use_common_build_dir = false;

  bool operator==(instance_settings const&) const = default;
};

}  // namespace corunner::config
