#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array job_queuing_duration_keys{
    value<&job_queuing_duration::periods>("periods",
        "Cron expressions (7-field dialect) in which the rule applies"),
    value<&job_queuing_duration::timezone>("timezone", "Time zone of the periods",
        {.unset = "host local", .write = writing::always}),
    value<&job_queuing_duration::threshold>("threshold",
        "Queue time above which the job is counted",
        {.unset = "0 (rule off)", .write = writing::always}),
    value<&job_queuing_duration::jobs_running_for_project>("jobs_running_for_project",
        "Regular expression on the job payload's project_jobs_running_on_instance_runners_count",
        {.unset = "any"}),
};

constexpr std::array monitoring_settings_keys{
    table_list<&monitoring_settings::job_queuing_durations>("job_queuing_durations",
        "Rules for counting jobs that queued too long; the last rule in period is used",
        job_queuing_duration_section),
};

constexpr std::array metrics_referee_keys{
    value<&metrics_referee::prometheus_address>("prometheus_address",
        "Prometheus server queried when a job ends"),
    value<&metrics_referee::query_interval>("query_interval", "Step of the range query in seconds",
        {.write = writing::always}),
    value<&metrics_referee::queries>("queries",
        "List of name:PromQL strings with {selector} and {interval} placeholders"),
};

constexpr std::array referee_settings_keys{
    optional_table<&referee_settings::metrics>("metrics", "Prometheus metrics referee",
        metrics_referee_section),
};

}  // namespace

constinit section const job_queuing_duration_section{job_queuing_duration_keys};
constinit section const monitoring_settings_section{monitoring_settings_keys};
constinit section const metrics_referee_section{metrics_referee_keys};
constinit section const referee_settings_section{referee_settings_keys};

}  // namespace corunner::config
