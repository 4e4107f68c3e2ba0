#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.custom]
struct custom_settings : open_table {
  std::string config_exec;
  std::vector<std::string> config_args;
  std::optional<std::int64_t> config_exec_timeout;
  std::string prepare_exec;
  std::vector<std::string> prepare_args;
  std::optional<std::int64_t> prepare_exec_timeout;
  std::string run_exec;
  std::vector<std::string> run_args;
  std::string cleanup_exec;
  std::vector<std::string> cleanup_args;
  std::optional<std::int64_t> cleanup_exec_timeout;
  std::optional<std::int64_t> graceful_kill_timeout;
  std::optional<std::int64_t> force_kill_timeout;

  bool operator==(custom_settings const&) const = default;
};

}  // namespace corunner::config
