#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [[runners.autoscaler.policy]]
struct scaling_policy : open_table {
  std::vector<std::string> periods;
  std::string timezone;
  std::int64_t idle_count = 0;
  duration idle_time;
  double scale_factor = 0;
  std::int64_t scale_factor_limit = 0;
  std::optional<bool> preemptive_mode;

  bool operator==(scaling_policy const&) const = default;
};

}  // namespace corunner::config
