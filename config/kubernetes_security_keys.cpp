#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array security_profile_keys{
    value<&security_profile::type>("type",
        "RuntimeDefault, Localhost or Unconfined; another value is logged and ignored",
        {.flag = "-type", .variable = "_TYPE", .unset = "no profile"}),
    value<&security_profile::localhost_profile>("localhost_profile",
        "Profile on the node, needed with Localhost", {"-localhost-profile", "_LOCALHOST_PROFILE"}),
};

constexpr std::array container_capabilities_keys{
    value<&container_capabilities::add>("add", "Capabilities to add; replaces kubernetes.cap_add",
        {"-add", "_ADD"}),
    value<&container_capabilities::drop>("drop",
        "Capabilities to drop; replaces kubernetes.cap_drop", {"-drop", "_DROP"}),
};

constexpr std::array pod_security_context_keys{
    value<&pod_security_context::fs_group>("fs_group", "Kubernetes' fsGroup",
        {"kubernetes-pod-security-context-fs-group", "KUBERNETES_POD_SECURITY_CONTEXT_FS_GROUP"}),
    value<&pod_security_context::run_as_group>("run_as_group", "Kubernetes' runAsGroup",
        {"kubernetes-pod-security-context-run-as-group",
         "KUBERNETES_POD_SECURITY_CONTEXT_RUN_AS_GROUP"}),
    value<&pod_security_context::run_as_non_root>("run_as_non_root", "Kubernetes' runAsNonRoot",
        {"kubernetes-pod-security-context-run-as-non-root",
         "KUBERNETES_POD_SECURITY_CONTEXT_RUN_AS_NON_ROOT"}),
    value<&pod_security_context::run_as_user>("run_as_user", "Kubernetes' runAsUser",
        {"kubernetes-pod-security-context-run-as-user",
         "KUBERNETES_POD_SECURITY_CONTEXT_RUN_AS_USER"}),
    value<&pod_security_context::supplemental_groups>("supplemental_groups",
        "Kubernetes' supplementalGroups",
        {"kubernetes-pod-security-context-supplemental-groups", ""}),
    value<&pod_security_context::selinux_type>("selinux_type", "SELinux type",
        {"kubernetes-pod-security-context-selinux-type", ""}),
    optional_table<&pod_security_context::seccomp_profile>("seccomp_profile", "Seccomp profile",
        security_profile_section,
        {"kubernetes-pod-security-context-seccomp_profile",
         "KUBERNETES_POD_SECURITY_CONTEXT_SECCOMP_PROFILE"}),
    optional_table<&pod_security_context::app_armor_profile>("app_armor_profile",
        "AppArmor profile", security_profile_section,
        {"kubernetes-pod-security-context-app_armor_profile",
         "KUBERNETES_POD_SECURITY_CONTEXT_APP_ARMOR_PROFILE"}),
};

constexpr std::array container_security_context_keys{
    optional_table<&container_security_context::capabilities>("capabilities", "Capabilities",
        container_capabilities_section, {"-capabilities", "_CAPABILITIES"}),
    value<&container_security_context::privileged>("privileged", "Privileged",
        {.flag = "-privileged", .variable = "_PRIVILEGED", .unset = "kubernetes.privileged"}),
    value<&container_security_context::run_as_user>("run_as_user", "Kubernetes' runAsUser",
        {"-run-as-user", "_RUN_AS_USER"}),
    value<&container_security_context::run_as_group>("run_as_group", "Kubernetes' runAsGroup",
        {"-run-as-group", "_RUN_AS_GROUP"}),
    value<&container_security_context::run_as_non_root>("run_as_non_root",
        "Kubernetes' runAsNonRoot", {"-run-as-non-root", "_RUN_AS_NON_ROOT"}),
    value<&container_security_context::read_only_root_filesystem>("read_only_root_filesystem",
        "Kubernetes' readOnlyRootFilesystem",
        {"-read-only-root-filesystem", "_READ_ONLY_ROOT_FILESYSTEM"}),
    value<&container_security_context::allow_privilege_escalation>("allow_privilege_escalation",
        "Kubernetes' allowPrivilegeEscalation",
        {.flag = "-allow-privilege-escalation", .variable = "_ALLOW_PRIVILEGE_ESCALATION",
         .unset = "kubernetes.allow_privilege_escalation"}),
    value<&container_security_context::selinux_type>("selinux_type", "SELinux type",
        {"-selinux-type", ""}),
    value<&container_security_context::proc_mount>("proc_mount",
        "Default or unmasked, any letter case; another value is logged and ignored",
        {.flag = "-proc-mount", .variable = "_PROC_MOUNT", .unset = "unset"}),
    optional_table<&container_security_context::seccomp_profile>("seccomp_profile",
        "Seccomp profile", security_profile_section, {"-seccomp_profile", "_SECCOMP_PROFILE"}),
    optional_table<&container_security_context::app_armor_profile>("app_armor_profile",
        "AppArmor profile", security_profile_section, {"-app_armor_profile", "_APP_ARMOR_PROFILE"}),
};

}  // namespace

constinit section const security_profile_section{security_profile_keys};
constinit section const container_capabilities_section{container_capabilities_keys};
constinit section const pod_security_context_section{pod_security_context_keys};
constinit section const container_security_context_section{container_security_context_keys};

}  // namespace corunner::config
