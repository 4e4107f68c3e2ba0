#pragma once

#include "config/failure.hpp"
#include "config/field_types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// What a running `run` tells the command `status` of itself.
struct status_report {
  std::int64_t process = 0;
  std::string state;            // as in manager::state()
  std::int64_t jobs = 0;
  std::int64_t concurrent = 0;
  config::timestamp loaded_at;  // the running configuration
  // What is wrong with the file, and since when; empty: what runs is what it says.
  std::string trouble;
  config::timestamp trouble_since;

  bool operator==(status_report const&) const = default;
};

// Over the socket.
std::string to_json(status_report const& report);
std::optional<status_report> parse_status_report(std::string_view json);

// Exit codes of `status`. The first two are those of GitLab Runner.
inline constexpr int status_running = 0;
inline constexpr int status_not_running = 1;
inline constexpr int status_older_configuration = 2;
int exit_code_of(status_report const& report);

// For a person, several lines; the first is the one that scripts look for.
std::string describe(status_report const& report, std::string_view service,
                     std::string_view config_file);

}  // namespace corunner
