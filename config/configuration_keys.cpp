#include "config/choices.hpp"
#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array session_server_keys{
    value<&session_server::listen_address>("listen_address",
        "Address the terminal server listens on", {.unset = "off"}),
    value<&session_server::advertise_address>("advertise_address",
        "Address under which GitLab reaches the terminal server", {.unset = "listen_address"}),
    value<&session_server::session_timeout>("session_timeout",
        "Seconds an open terminal may keep a finished job alive", {.write = writing::always}),
};

constexpr std::array configuration_keys{
    value<&configuration::listen_address>("listen_address",
        "Address of metrics, health and debug pages", {.unset = "off"}),
    table<&configuration::session_server>("session_server", "Interactive web terminals",
        session_server_section),
    value<&configuration::strict>("strict",
        "Refuse this file when a key in it is unknown or a value has no use; corunner only"),
    value<&configuration::labels>("labels", "Labels of all runners"),
    value<&configuration::concurrent>("concurrent", "Most jobs at once, over all entries",
        {.write = writing::always}),
    value<&configuration::check_interval>("check_interval", "Seconds of one polling round; 0: 3",
        {.unset = "3 s (0 or less)", .write = writing::always}),
    value<&configuration::log_level>("log_level", "Least severe lines that are logged",
        {.unset = "info", .choices = log_level_choices}),
    value<&configuration::log_format>("log_format", "Format of log lines: runner, text, json",
        {.unset = "runner", .choices = log_format_choices}),
    value<&configuration::user>("user", "Account that shell scripts run under"),
    table_list<&configuration::runners>("runners", "One entry per registered runner",
        runner_entry_section),
    value<&configuration::sentry_dsn>("sentry_dsn", "Where errors are reported to",
        {.unset = "SENTRY_DSN if that variable is set, else unset", .confidential = true}),
    value<&configuration::connection_max_age>("connection_max_age",
        "Age at which idle connections to GitLab are closed; 0: never", {.unset = "15m"}),
    optional_table<&configuration::machine>("machine",
        "Process-wide settings of the docker+machine provider", process_machine_settings_section,
        {.deprecated = true}),
    optional_table<&configuration::experimental>("experimental",
        "Process-wide experimental features", process_experiments_section),
    value<&configuration::shutdown_timeout>("shutdown_timeout",
        "Seconds a forced shutdown may take; 0: 30",
        {.unset = "30 s (0 or less)", .write = writing::always}),
};

}  // namespace

constinit section const session_server_section{session_server_keys};
constinit section const whole_section{configuration_keys};

section const& configuration_section() { return whole_section; }

}  // namespace corunner::config
