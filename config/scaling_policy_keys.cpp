#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array scaling_policy_keys{
    value<&scaling_policy::periods>("periods", "Cron expressions (5-field range dialect)",
        {.unset = "[\"* * * * *\"]"}),
    value<&scaling_policy::timezone>("timezone", "Time zone of the periods",
        {.unset = "host local"}),
    value<&scaling_policy::idle_count>("idle_count", "Idle capacity to keep, in jobs",
        {.write = writing::always}),
    value<&scaling_policy::idle_time>("idle_time",
        "Idle time before removal; below 1s (but not 0) fails the schema check",
        {.write = writing::always}),
    value<&scaling_policy::scale_factor>("scale_factor",
        "Extra idle capacity as a factor of capacity in use",
        {.unset = "off", .write = writing::always}),
    value<&scaling_policy::scale_factor_limit>("scale_factor_limit",
        "Upper bound of the factor result", {.write = writing::always}),
    value<&scaling_policy::preemptive_mode>("preemptive_mode",
        "Ask for jobs only when capacity is ready", {.unset = "true if idle_count > 0"}),
};

}  // namespace

constinit section const scaling_policy_section{scaling_policy_keys};

}  // namespace corunner::config
