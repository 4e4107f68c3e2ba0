#pragma once

#include "config/field_types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [[runners.kubernetes.volumes.host_path]]
struct host_path_volume : open_table {
  std::string name;
  std::string mount_path;
  std::string sub_path;
  bool read_only = false;
  std::string host_path;
  std::optional<std::string> mount_propagation;

  bool operator==(host_path_volume const&) const = default;
};

// [[runners.kubernetes.volumes.pvc]]
struct pvc_volume : open_table {
  std::string name;
  std::string mount_path;
  std::string sub_path;
  bool read_only = false;
  std::optional<std::string> mount_propagation;

  bool operator==(pvc_volume const&) const = default;
};

// [[runners.kubernetes.volumes.config_map]]
struct config_map_volume : open_table {
  std::string name;
  std::string mount_path;
  std::string sub_path;
  bool read_only = false;
  string_map items;

  bool operator==(config_map_volume const&) const = default;
};

// [[runners.kubernetes.volumes.secret]]
struct secret_volume : open_table {
  std::string name;
  std::string mount_path;
  std::string sub_path;
  bool read_only = false;
  string_map items;

  bool operator==(secret_volume const&) const = default;
};

// [[runners.kubernetes.volumes.empty_dir]]
struct empty_dir_volume : open_table {
  std::string name;
  std::string mount_path;
  std::string sub_path;
  std::string medium;
  std::string size_limit;
  std::optional<std::string> mount_propagation;

  bool operator==(empty_dir_volume const&) const = default;
};

// [[runners.kubernetes.volumes.csi]]
struct csi_volume : open_table {
  std::string name;
  std::string mount_path;
  std::string sub_path;
  std::string driver;
  std::string fs_type;
  bool read_only = false;
  string_map volume_attributes;

  bool operator==(csi_volume const&) const = default;
};

// [[runners.kubernetes.volumes.nfs]]
struct nfs_volume : open_table {
  std::string name;
  std::string mount_path;
  std::string sub_path;
  std::string server;
  std::string path;
  bool read_only = false;

  bool operator==(nfs_volume const&) const = default;
};

// [runners.kubernetes.volumes]
struct kubernetes_volumes : open_table {
  std::vector<host_path_volume> host_path;
  std::vector<pvc_volume> pvc;
  std::vector<config_map_volume> config_map;
  std::vector<secret_volume> secret;
  std::vector<empty_dir_volume> empty_dir;
  std::vector<csi_volume> csi;
  std::vector<nfs_volume> nfs;

  bool operator==(kubernetes_volumes const&) const = default;
};

}  // namespace corunner::config
