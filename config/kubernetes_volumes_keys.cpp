#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array host_path_volume_keys{
    value<&host_path_volume::name>("name",
        "Volume name (for pvc, config_map and secret also the object name)",
        {.unset = "none", .write = writing::always}),
    value<&host_path_volume::mount_path>("mount_path", "Mount point in the containers",
        {.unset = "none", .write = writing::always}),
    value<&host_path_volume::sub_path>("sub_path", "Path inside the volume"),
    value<&host_path_volume::read_only>("read_only", "Mount read-only"),
    value<&host_path_volume::host_path>("host_path", "Path on the node", {.unset = "mount_path"}),
    value<&host_path_volume::mount_propagation>("mount_propagation", "Mount propagation mode"),
};

constexpr std::array pvc_volume_keys{
    value<&pvc_volume::name>("name",
        "Volume name (for pvc, config_map and secret also the object name)",
        {.unset = "none", .write = writing::always}),
    value<&pvc_volume::mount_path>("mount_path", "Mount point in the containers",
        {.unset = "none", .write = writing::always}),
    value<&pvc_volume::sub_path>("sub_path", "Path inside the volume"),
    value<&pvc_volume::read_only>("read_only", "Mount read-only"),
    value<&pvc_volume::mount_propagation>("mount_propagation", "Mount propagation mode"),
};

constexpr std::array config_map_volume_keys{
    value<&config_map_volume::name>("name",
        "Volume name (for pvc, config_map and secret also the object name)",
        {.unset = "none", .write = writing::always}),
    value<&config_map_volume::mount_path>("mount_path", "Mount point in the containers",
        {.unset = "none", .write = writing::always}),
    value<&config_map_volume::sub_path>("sub_path", "Path inside the volume"),
    value<&config_map_volume::read_only>("read_only", "Mount read-only"),
    value<&config_map_volume::items>("items", "Key to file path selection"),
};

constexpr std::array secret_volume_keys{
    value<&secret_volume::name>("name",
        "Volume name (for pvc, config_map and secret also the object name)",
        {.unset = "none", .write = writing::always}),
    value<&secret_volume::mount_path>("mount_path", "Mount point in the containers",
        {.unset = "none", .write = writing::always}),
    value<&secret_volume::sub_path>("sub_path", "Path inside the volume"),
    value<&secret_volume::read_only>("read_only", "Mount read-only"),
    value<&secret_volume::items>("items", "Key to file path selection"),
};

constexpr std::array empty_dir_volume_keys{
    value<&empty_dir_volume::name>("name",
        "Volume name (for pvc, config_map and secret also the object name)",
        {.unset = "none", .write = writing::always}),
    value<&empty_dir_volume::mount_path>("mount_path", "Mount point in the containers",
        {.unset = "none", .write = writing::always}),
    value<&empty_dir_volume::sub_path>("sub_path", "Path inside the volume"),
    value<&empty_dir_volume::medium>("medium", "Memory for tmpfs"),
    value<&empty_dir_volume::size_limit>("size_limit", "Size limit, Kubernetes quantity"),
    value<&empty_dir_volume::mount_propagation>("mount_propagation", "Mount propagation mode"),
};

constexpr std::array csi_volume_keys{
    value<&csi_volume::name>("name",
        "Volume name (for pvc, config_map and secret also the object name)",
        {.unset = "none", .write = writing::always}),
    value<&csi_volume::mount_path>("mount_path", "Mount point in the containers",
        {.unset = "none", .write = writing::always}),
    value<&csi_volume::sub_path>("sub_path", "Path inside the volume"),
    value<&csi_volume::driver>("driver", "CSI driver", {.unset = "none", .write = writing::always}),
    value<&csi_volume::fs_type>("fs_type", "File system type", {.write = writing::always}),
    value<&csi_volume::read_only>("read_only", "Mount read-only"),
    value<&csi_volume::volume_attributes>("volume_attributes", "CSI attributes"),
};

constexpr std::array nfs_volume_keys{
    value<&nfs_volume::name>("name", "Volume name",
        {.unset = "none, required", .write = writing::always}),
    value<&nfs_volume::mount_path>("mount_path", "Mount point",
        {.unset = "none, required", .write = writing::always}),
    value<&nfs_volume::sub_path>("sub_path", "Path inside the volume"),
    value<&nfs_volume::server>("server", "NFS server",
        {.unset = "none, required", .write = writing::always}),
    value<&nfs_volume::path>("path", "Exported path",
        {.unset = "none, required", .write = writing::always}),
    value<&nfs_volume::read_only>("read_only", "Mount read-only"),
};

constexpr std::array kubernetes_volumes_keys{
    table_list<&kubernetes_volumes::host_path>("host_path", "Volumes of kind host_path",
        host_path_volume_section),
    table_list<&kubernetes_volumes::pvc>("pvc", "Volumes of kind pvc", pvc_volume_section),
    table_list<&kubernetes_volumes::config_map>("config_map", "Volumes of kind config_map",
        config_map_volume_section),
    table_list<&kubernetes_volumes::secret>("secret", "Volumes of kind secret",
        secret_volume_section),
    table_list<&kubernetes_volumes::empty_dir>("empty_dir", "Volumes of kind empty_dir",
        empty_dir_volume_section),
    table_list<&kubernetes_volumes::csi>("csi", "Volumes of kind csi", csi_volume_section),
    table_list<&kubernetes_volumes::nfs>("nfs", "Volumes of kind nfs", nfs_volume_section),
};

std::optional<failure> check_nfs(open_table const* from) {
  auto const& volume = *static_cast<nfs_volume const*>(from);
  std::string missing;
  auto const need = [&](std::string const& given, std::string_view name) {
    if (given.empty()) missing += (missing.empty() ? "" : ", ") + std::string(name);
  };
  need(volume.name, "name");
  need(volume.mount_path, "mount_path");
  need(volume.server, "server");
  need(volume.path, "path");
  if (missing.empty()) return std::nullopt;
  return failure{"nfs volume: missing required fields: " + missing};
}

}  // namespace

constinit section const host_path_volume_section{host_path_volume_keys};
constinit section const pvc_volume_section{pvc_volume_keys};
constinit section const config_map_volume_section{config_map_volume_keys};
constinit section const secret_volume_section{secret_volume_keys};
constinit section const empty_dir_volume_section{empty_dir_volume_keys};
constinit section const csi_volume_section{csi_volume_keys};
constinit section const nfs_volume_section{.keys = nfs_volume_keys, .check = check_nfs};
constinit section const kubernetes_volumes_section{kubernetes_volumes_keys};

}  // namespace corunner::config
