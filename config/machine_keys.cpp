#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array machine_period_keys{
    value<&machine_period::periods>("Periods", "Cron expressions (7-field dialect)"),
    value<&machine_period::timezone>("Timezone", "Time zone of the periods",
        {.unset = "host local", .write = writing::always}),
    value<&machine_period::idle_count>("IdleCount", "Replaces the base value in period",
        {.write = writing::always}),
    value<&machine_period::idle_scale_factor>("IdleScaleFactor",
        "Replaces the base value in period", {.write = writing::always}),
    value<&machine_period::idle_count_min>("IdleCountMin", "Replaces the base value in period",
        {.write = writing::always}),
    value<&machine_period::idle_time>("IdleTime", "Replaces the base value in period",
        {.write = writing::always}),
};

constexpr std::array machine_settings_keys{
    value<&machine_settings::max_growth_rate>("MaxGrowthRate",
        "Machines that may be in creation at once",
        {.flag = "machine-max-growth-rate", .variable = "MACHINE_MAX_GROWTH_RATE",
         .unset = "none"}),
    value<&machine_settings::idle_count>("IdleCount",
        "Idle machines to keep; upper bound with IdleScaleFactor",
        {.flag = "machine-idle-nodes", .variable = "MACHINE_IDLE_COUNT", .write = writing::always}),
    value<&machine_settings::idle_scale_factor>("IdleScaleFactor",
        "Idle machines as a factor of machines in use",
        {.flag = "machine-idle-scale-factor", .variable = "MACHINE_IDLE_SCALE_FACTOR",
         .unset = "off", .write = writing::always}),
    value<&machine_settings::idle_count_min>("IdleCountMin",
        "Least idle machines with IdleScaleFactor",
        {.flag = "machine-idle-count-min", .variable = "MACHINE_IDLE_COUNT_MIN",
         .unset = "1 with IdleScaleFactor, else 0", .write = writing::always}),
    value<&machine_settings::idle_time>("IdleTime", "Seconds before an idle machine is removed",
        {"machine-idle-time", "MACHINE_IDLE_TIME"}),
    value<&machine_settings::max_builds>("MaxBuilds", "Jobs before a machine is removed",
        {.flag = "machine-max-builds", .variable = "MACHINE_MAX_BUILDS", .unset = "none"}),
    value<&machine_settings::machine_driver>("MachineDriver", "Docker-machine driver",
        {.flag = "machine-machine-driver", .variable = "MACHINE_DRIVER", .unset = "none, required",
         .write = writing::always}),
    value<&machine_settings::machine_name>("MachineName", "Name template, must contain %s",
        {.flag = "machine-machine-name", .variable = "MACHINE_NAME", .unset = "none, required",
         .write = writing::always}),
    value<&machine_settings::machine_options>("MachineOptions", "Driver options",
        {.flag = "machine-machine-options", .variable = "MACHINE_OPTIONS", .confidential = true}),
    value<&machine_settings::machine_options_with_name>("MachineOptionsWithName",
        "Driver options in which %s is the machine name; each must contain %s",
        {.flag = "machine-machine-options-with-name", .variable = "MACHINE_OPTIONS_WITH_NAME",
         .confidential = true}),
    value<&machine_settings::max_removal_attempts>("MaxRemovalAttempts",
        "Attempts to remove a machine",
        {.flag = "machine-max-removal-attempts", .variable = "MACHINE_MAX_REMOVAL_ATTEMPTS",
         .unset = "30 (when 0)"}),
    value<&machine_settings::off_peak_periods>("OffPeakPeriods",
        "No effect since 14.0; a non-empty list logs a warning"),
    value<&machine_settings::off_peak_timezone>("OffPeakTimezone", "No effect"),
    value<&machine_settings::off_peak_idle_count>("OffPeakIdleCount", "No effect"),
    value<&machine_settings::off_peak_idle_time>("OffPeakIdleTime", "No effect"),
    table_list<&machine_settings::autoscaling>("autoscaling",
        "Time-dependent overrides; the last one in period wins", machine_period_section),
};

constexpr std::array shutdown_drain_keys{
    value<&shutdown_drain::enabled>("enabled", "Turn the drain on"),
    value<&shutdown_drain::concurrency>("concurrency", "Machines removed in parallel",
        {.unset = "3 (0 or less)", .write = writing::always}),
    value<&shutdown_drain::max_retries>("max_retries", "Attempts per machine",
        {.unset = "3 (0 or less)", .write = writing::always}),
    value<&shutdown_drain::retry_backoff>("retry_backoff", "Wait, multiplied by the attempt number",
        {.unset = "5s (0 or less)", .write = writing::always}),
};

constexpr std::array process_machine_settings_keys{
    optional_table<&process_machine_settings::shutdown_drain>("shutdown_drain",
        "Remove idle machines at shutdown", shutdown_drain_section),
};

}  // namespace

constinit section const machine_period_section{machine_period_keys};
constinit section const machine_settings_section{machine_settings_keys};
constinit section const shutdown_drain_section{shutdown_drain_keys};
constinit section const process_machine_settings_section{process_machine_settings_keys};

}  // namespace corunner::config
