#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array machine_period_keys{
    value<&machine_period::periods>("Periods", "Cron expressions (7-field dialect)"),
    value<&machine_period::timezone>("Timezone", "Time zone of the periods"),
    value<&machine_period::idle_count>("IdleCount", "Replaces the base value in period"),
    value<&machine_period::idle_scale_factor>(
        "IdleScaleFactor",
        "Replaces the base value in period"),
    value<&machine_period::idle_count_min>("IdleCountMin", "Replaces the base value in period"),
    value<&machine_period::idle_time>("IdleTime", "Replaces the base value in period"),
};

constexpr std::array machine_settings_keys{
    value<&machine_settings::max_growth_rate>(
        "MaxGrowthRate",
        "Machines that may be in creation at once",
        {"machine-max-growth-rate", "MACHINE_MAX_GROWTH_RATE"}),
    value<&machine_settings::idle_count>(
        "IdleCount",
        "Idle machines to keep; upper bound with IdleScaleFactor",
        {"machine-idle-nodes", "MACHINE_IDLE_COUNT", writing::always}),
    value<&machine_settings::idle_scale_factor>(
        "IdleScaleFactor",
        "Idle machines as a factor of machines in use",
        {"machine-idle-scale-factor", "MACHINE_IDLE_SCALE_FACTOR", writing::always}),
    value<&machine_settings::idle_count_min>(
        "IdleCountMin",
        "Least idle machines with IdleScaleFactor",
        {"machine-idle-count-min", "MACHINE_IDLE_COUNT_MIN", writing::always}),
    value<&machine_settings::idle_time>(
        "IdleTime",
        "Seconds before an idle machine is removed",
        {"machine-idle-time", "MACHINE_IDLE_TIME"}),
    value<&machine_settings::max_builds>(
        "MaxBuilds",
        "Jobs before a machine is removed",
        {"machine-max-builds", "MACHINE_MAX_BUILDS"}),
    value<&machine_settings::machine_driver>(
        "MachineDriver",
        "Docker-machine driver",
        {"machine-machine-driver", "MACHINE_DRIVER", writing::always}),
    value<&machine_settings::machine_name>(
        "MachineName",
        "Name template, must contain %s",
        {"machine-machine-name", "MACHINE_NAME", writing::always}),
    value<&machine_settings::machine_options>(
        "MachineOptions",
        "Driver options",
        {"machine-machine-options", "MACHINE_OPTIONS"}),
    value<&machine_settings::machine_options_with_name>(
        "MachineOptionsWithName",
        "Driver options in which %s is the machine name; each must contain %s",
        {"machine-machine-options-with-name", "MACHINE_OPTIONS_WITH_NAME"}),
    value<&machine_settings::max_removal_attempts>(
        "MaxRemovalAttempts",
        "Attempts to remove a machine",
        {"machine-max-removal-attempts", "MACHINE_MAX_REMOVAL_ATTEMPTS"}),
    value<&machine_settings::off_peak_periods>(
        "OffPeakPeriods",
        "No effect since 14.0; a non-empty list logs a warning"),
    value<&machine_settings::off_peak_timezone>("OffPeakTimezone", "No effect"),
    value<&machine_settings::off_peak_idle_count>("OffPeakIdleCount", "No effect"),
    value<&machine_settings::off_peak_idle_time>("OffPeakIdleTime", "No effect"),
    table_list<&machine_settings::autoscaling>("autoscaling", "Time-dependent overrides; the last one in period wins",
        machine_period_section),
};

}  // namespace

constinit section const machine_period_section{machine_period_keys, other<machine_period>};
constinit section const machine_settings_section{machine_settings_keys, other<machine_settings>};

}  // namespace corunner::config
