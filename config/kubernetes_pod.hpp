#pragma once

#include "config/field_types.hpp"
#include "config/scaling_policy.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [[runners.kubernetes.host_aliases]]
struct host_alias : open_table {
  std::string ip;
  std::vector<std::string> hostnames;

  bool operator==(host_alias const&) const = default;
};

// [[runners.kubernetes.dns_config.options]]
struct dns_option : open_table {
  std::string name;
  std::optional<std::string> value;

  bool operator==(dns_option const&) const = default;
};

// [runners.kubernetes.dns_config]
struct dns_settings : open_table {
  std::vector<std::string> nameservers;
  std::vector<dns_option> options;
  std::vector<std::string> searches;

  bool operator==(dns_settings const&) const = default;
};

// [[runners.kubernetes.pod_spec]]
struct pod_spec_patch : open_table {
  std::string name;
  std::string patch_path;
  std::string patch;
  std::string patch_type;

  bool operator==(pod_spec_patch const&) const = default;
};

// [runners.kubernetes.autoscaler]
struct kubernetes_autoscaler : open_table {
  std::int64_t max_pause_pods = 0;
  std::string pause_pod_image;
  std::string pause_pod_priority_class_name;
  std::vector<scaling_policy> policy;
  std::vector<std::string> pause_pod_image_pull_secrets;

  bool operator==(kubernetes_autoscaler const&) const = default;
};

}  // namespace corunner::config
