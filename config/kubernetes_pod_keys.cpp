#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array host_alias_keys{
    value<&host_alias::ip>("ip", "Address", {.unset = "none", .write = writing::always}),
    value<&host_alias::hostnames>("hostnames", "Names for the address"),
};

constexpr std::array dns_option_keys{
    value<&dns_option::name>("name", "Option name", {.unset = "none", .write = writing::always}),
    value<&dns_option::value>("value", "Option value"),
};

constexpr std::array dns_settings_keys{
    value<&dns_settings::nameservers>("nameservers", "DNS servers"),
    table_list<&dns_settings::options>("options", "Resolver options", dns_option_section),
    value<&dns_settings::searches>("searches", "Search domains"),
};

constexpr std::array pod_spec_patch_keys{
    value<&pod_spec_patch::name>("name", "Label used in messages", {.write = writing::always}),
    value<&pod_spec_patch::patch_path>("patch_path", "File with the patch; not together with patch",
        {.write = writing::always}),
    value<&pod_spec_patch::patch>("patch", "Patch as YAML or JSON text",
        {.write = writing::always}),
    value<&pod_spec_patch::patch_type>("patch_type", "Json, merge or strategic",
        {.unset = "strategic", .write = writing::always}),
};

constexpr std::array kubernetes_autoscaler_keys{
    value<&kubernetes_autoscaler::max_pause_pods>("max_pause_pods", "Most pause pods",
        {.unset = "none", .write = writing::always}),
    value<&kubernetes_autoscaler::pause_pod_image>("pause_pod_image", "Image of pause pods",
        {.unset = "registry.k8s.io/pause:3.10"}),
    value<&kubernetes_autoscaler::pause_pod_priority_class_name>("pause_pod_priority_class_name",
        "Priority class of pause pods",
        {.unset = "gitlab-runner-idle-capacity, created with priority -1"}),
    table_list<&kubernetes_autoscaler::policy>("policy",
        "Scaling policies; the last one in period wins", scaling_policy_section),
    value<&kubernetes_autoscaler::pause_pod_image_pull_secrets>("pause_pod_image_pull_secrets",
        "Pull secrets of pause pods"),
};

}  // namespace

constinit section const host_alias_section{host_alias_keys};
constinit section const dns_option_section{dns_option_keys};
constinit section const dns_settings_section{dns_settings_keys};
constinit section const pod_spec_patch_section{pod_spec_patch_keys};
constinit section const kubernetes_autoscaler_section{kubernetes_autoscaler_keys};

}  // namespace corunner::config
