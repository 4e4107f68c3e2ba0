#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array service_settings_keys{
    value<&service_settings::name>("name", "Service image; job variables are expanded",
        {.unset = "none, required", .write = writing::always}),
    value<&service_settings::alias>("alias",
        "Host names, separated by spaces or commas; job variables are expanded"),
    value<&service_settings::command>("command", "Container command", {.unset = "image default"}),
    value<&service_settings::entrypoint>("entrypoint", "Container entry point",
        {.unset = "image default"}),
    value<&service_settings::environment>("environment", "KEY=VALUE entries for the service only",
        {.confidential = true}),
    value<&service_settings::suspend_data_path>("suspend_data_path",
        "Directory kept on the suspend volume (Kubernetes)"),
};

}  // namespace

constinit section const service_settings_section{service_settings_keys};

}  // namespace corunner::config
