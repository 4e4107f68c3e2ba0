#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.experimental.boot_verify]
struct boot_verify : open_table {
  bool enabled = false;
  duration timeout;
  duration acquire_min_backoff;
  duration acquire_max_backoff;

  bool operator==(boot_verify const&) const = default;
};

// [runners.experimental]
struct experimental_settings : open_table {
  std::optional<boot_verify> boot_verify;

  bool operator==(experimental_settings const&) const = default;
};

}  // namespace corunner::config
