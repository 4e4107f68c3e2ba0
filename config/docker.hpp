#pragma once

#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/service.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.docker]
struct docker_settings : open_table {
  std::string host;
  std::string tls_cert_path;
  bool tls_verify = false;
  std::string hostname;
  std::string image;
  std::string runtime;
  std::string memory;
  std::string memory_swap;
  std::string memory_reservation;
  std::string cgroup_parent;
  std::string cpuset_cpus;
  std::string cpuset_mems;
  std::string cpus;
  std::int64_t cpu_shares = 0;
  std::vector<std::string> dns;
  std::vector<std::string> dns_search;
  bool privileged = false;
  std::optional<bool> services_privileged;
  bool disable_entrypoint_overwrite = false;
  std::string user;
  std::vector<std::string> allowed_users;
  std::vector<std::string> group_add;
  std::string userns_mode;
  std::vector<std::string> cap_add;
  std::vector<std::string> cap_drop;
  bool oom_kill_disable = false;
  std::int64_t oom_score_adjust = 0;
  std::vector<std::string> security_opt;
  std::vector<std::string> services_security_opt;
  std::vector<std::string> devices;
  std::vector<std::string> device_cgroup_rules;
  std::string gpus;
  list_map services_devices;
  bool disable_cache = false;
  std::vector<std::string> volumes;
  bool volume_keep = false;
  std::string volume_driver;
  string_map volume_driver_ops;
  std::string cache_dir;
  std::vector<std::string> extra_hosts;
  std::vector<std::string> volumes_from;
  std::string network_mode;
  std::string pid_mode;
  std::string ipcmode;
  std::string mac_address;
  std::vector<std::string> links;
  std::vector<service_settings> services;
  std::optional<std::int64_t> services_limit;
  std::string service_memory;
  std::string service_memory_swap;
  std::string service_memory_reservation;
  std::string service_cgroup_parent;
  std::string service_slot_cgroup_template;
  std::string service_cpuset_cpus;
  std::string service_cpus;
  std::int64_t service_cpu_shares = 0;
  std::string service_gpus;
  std::int64_t wait_for_services_timeout = 0;
  std::vector<std::string> allowed_images;
  std::vector<std::string> allowed_privileged_images;
  std::vector<std::string> allowed_privileged_services;
  std::vector<std::string> allowed_pull_policies;
  std::vector<std::string> allowed_services;
  one_or_more pull_policy;
  std::string isolation;
  std::int64_t shm_size = 0;
  string_map tmpfs;
  string_map services_tmpfs;
  string_map sysctls;
  std::string helper_image;
  std::string helper_image_flavor;
  string_map container_labels;
  bool enable_ipv6 = false;
  string_map ulimit;
  std::int64_t network_mtu = 0;
  string_map log_options;

  bool operator==(docker_settings const&) const = default;
};

}  // namespace corunner::config
