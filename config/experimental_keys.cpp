#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array boot_verify_keys{
    value<&boot_verify::enabled>("enabled",
        "Run one synthetic job at process start and gate /health/ready on it"),
    value<&boot_verify::timeout>("timeout", "Deadline of the canary",
        {.unset = "5m (0 or less)", .write = writing::always}),
    value<&boot_verify::acquire_min_backoff>("acquire_min_backoff",
        "First wait between executor acquire attempts",
        {.unset = "1s (0 or less)", .write = writing::always}),
    value<&boot_verify::acquire_max_backoff>("acquire_max_backoff",
        "Longest wait between executor acquire attempts",
        {.unset = "10s (0 or less)", .write = writing::always}),
};

constexpr std::array experimental_settings_keys{
    optional_table<&experimental_settings::boot_verify>("boot_verify", "Start-up canary job",
        boot_verify_section),
};

}  // namespace

constinit section const boot_verify_section{boot_verify_keys};
constinit section const experimental_settings_section{experimental_settings_keys};

}  // namespace corunner::config
