#pragma once

#include <array>
#include <string_view>

namespace corunner::config {

// The values of keys that take one of a few, as they are written; any case where it says so. An
// empty text is always fine: not given.
inline constexpr std::array<std::string_view, 11> executor_choices{
    "shell", "ssh", "custom", "instance", "docker", "docker-windows", "docker-autoscaler",
    "docker+machine", "kubernetes", "parallels", "virtualbox"};
inline constexpr std::array<std::string_view, 5> shell_choices{"bash", "sh", "cmd", "pwsh",
                                                               "powershell"};
inline constexpr std::array<std::string_view, 3> pull_policy_choices{"always", "if-not-present",
                                                                     "never"};
inline constexpr std::array<std::string_view, 3> log_format_choices{"runner", "text", "json"};
// In any case.
inline constexpr std::array<std::string_view, 8> log_level_choices{
    "panic", "fatal", "error", "warn", "warning", "info", "debug", "trace"};
inline constexpr std::array<std::string_view, 5> cache_type_choices{"s3", "gcs", "azure", "s3v2",
                                                                    "gcsv2"};

}  // namespace corunner::config
