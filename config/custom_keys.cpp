#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array custom_settings_keys{
    value<&custom_settings::config_exec>("config_exec", "Program that can adjust settings per job",
        {"custom-config-exec", "CUSTOM_CONFIG_EXEC"}),
    value<&custom_settings::config_args>("config_args", "Leading arguments of it",
        {"custom-config-args", ""}),
    value<&custom_settings::config_exec_timeout>("config_exec_timeout",
        "Seconds it may run; 0 or less = default",
        {.flag = "custom-config-exec-timeout", .variable = "CUSTOM_CONFIG_EXEC_TIMEOUT",
         .unset = "3600"}),
    value<&custom_settings::prepare_exec>("prepare_exec", "Program that prepares the environment",
        {"custom-prepare-exec", "CUSTOM_PREPARE_EXEC"}),
    value<&custom_settings::prepare_args>("prepare_args", "Leading arguments of it",
        {"custom-prepare-args", ""}),
    value<&custom_settings::prepare_exec_timeout>("prepare_exec_timeout",
        "Seconds it may run; 0 or less = default",
        {.flag = "custom-prepare-exec-timeout", .variable = "CUSTOM_PREPARE_EXEC_TIMEOUT",
         .unset = "3600"}),
    value<&custom_settings::run_exec>("run_exec", "Program that runs each stage script",
        {.flag = "custom-run-exec", .variable = "CUSTOM_RUN_EXEC", .unset = "none, required",
         .write = writing::always}),
    value<&custom_settings::run_args>("run_args", "Leading arguments of it",
        {"custom-run-args", ""}),
    value<&custom_settings::cleanup_exec>("cleanup_exec", "Program that cleans up",
        {"custom-cleanup-exec", "CUSTOM_CLEANUP_EXEC"}),
    value<&custom_settings::cleanup_args>("cleanup_args", "Leading arguments of it",
        {"custom-cleanup-args", ""}),
    value<&custom_settings::cleanup_exec_timeout>("cleanup_exec_timeout",
        "Seconds it may run; 0 or less = default",
        {.flag = "custom-cleanup-exec-timeout", .variable = "CUSTOM_CLEANUP_EXEC_TIMEOUT",
         .unset = "3600"}),
    value<&custom_settings::graceful_kill_timeout>("graceful_kill_timeout",
        "Seconds after SIGTERM before the kill; 0 or less = default",
        {.flag = "custom-graceful-kill-timeout", .variable = "CUSTOM_GRACEFUL_KILL_TIMEOUT",
         .unset = "600"}),
    value<&custom_settings::force_kill_timeout>("force_kill_timeout",
        "Seconds after the kill before giving up; 0 or less = default",
        {.flag = "custom-force-kill-timeout", .variable = "CUSTOM_FORCE_KILL_TIMEOUT",
         .unset = "10 (documentation says 600)"}),
};

}  // namespace

constinit section const custom_settings_section{custom_settings_keys};

}  // namespace corunner::config
