#pragma once

#include "config/field_types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.kubernetes.pod_security_context.seccomp_profile]
struct security_profile : open_table {
  std::string type;
  std::string localhost_profile;

  bool operator==(security_profile const&) const = default;
};

// [runners.kubernetes.build_container_security_context.capabilities]
struct container_capabilities : open_table {
  std::vector<std::string> add;
  std::vector<std::string> drop;

  bool operator==(container_capabilities const&) const = default;
};

// [runners.kubernetes.pod_security_context]
struct pod_security_context : open_table {
  std::optional<std::int64_t> fs_group;
  std::optional<std::int64_t> run_as_group;
  std::optional<bool> run_as_non_root;
  std::optional<std::int64_t> run_as_user;
  std::vector<std::int64_t> supplemental_groups;
  std::string selinux_type;
  std::optional<security_profile> seccomp_profile;
  std::optional<security_profile> app_armor_profile;

  bool operator==(pod_security_context const&) const = default;
};

// [runners.kubernetes.build_container_security_context]
struct container_security_context : open_table {
  std::optional<container_capabilities> capabilities;
  std::optional<bool> privileged;
  std::optional<std::int64_t> run_as_user;
  std::optional<std::int64_t> run_as_group;
  std::optional<bool> run_as_non_root;
  std::optional<bool> read_only_root_filesystem;
  std::optional<bool> allow_privilege_escalation;
  std::string selinux_type;
  std::string proc_mount;
  std::optional<security_profile> seccomp_profile;
  std::optional<security_profile> app_armor_profile;

  bool operator==(container_security_context const&) const = default;
};

}  // namespace corunner::config
