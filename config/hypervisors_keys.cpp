#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array ssh_settings_keys{
    value<&ssh_settings::user>("user", "Login name", {"ssh-user", "SSH_USER"}),
    value<&ssh_settings::password>(
        "password",
        "Password authentication",
        {"ssh-password", "SSH_PASSWORD"}),
    value<&ssh_settings::host>("host", "Server", {"ssh-host", "SSH_HOST"}),
    value<&ssh_settings::port>("port", "Port, a string", {"ssh-port", "SSH_PORT"}),
    value<&ssh_settings::identity_file>(
        "identity_file",
        "Unencrypted private key file",
        {"ssh-identity-file", "SSH_IDENTITY_FILE"}),
    value<&ssh_settings::disable_strict_host_key_checking>(
        "disable_strict_host_key_checking",
        "True: accept any host key",
        {"ssh-disable-strict-host-key-checking", "DISABLE_STRICT_HOST_KEY_CHECKING"}),
    value<&ssh_settings::known_hosts_file>(
        "known_hosts_file",
        "File with trusted host keys",
        {"ssh-known-hosts-file", "KNOWN_HOSTS_FILE"}),
};

constexpr std::array parallels_settings_keys{
    value<&parallels_settings::base_name>(
        "base_name",
        "VM to clone",
        {"parallels-base-name", "PARALLELS_BASE_NAME", writing::always}),
    value<&parallels_settings::template_name>(
        "template_name",
        "Name of the linked template",
        {"parallels-template-name", "PARALLELS_TEMPLATE_NAME"}),
    value<&parallels_settings::disable_snapshots>(
        "disable_snapshots",
        "True: destroy the VM after each job",
        {"parallels-disable-snapshots", "PARALLELS_DISABLE_SNAPSHOTS", writing::always}),
    value<&parallels_settings::time_server>(
        "time_server",
        "NTP server for the guest clock",
        {"parallels-time-server", "PARALLELS_TIME_SERVER"}),
    value<&parallels_settings::allowed_images>(
        "allowed_images",
        "Regular expressions of VM names a job may choose",
        {"parallels-allowed-images", "PARALLELS_ALLOWED_IMAGES"}),
};

constexpr std::array virtualbox_settings_keys{
    value<&virtualbox_settings::base_name>(
        "base_name",
        "VM to clone",
        {"virtualbox-base-name", "VIRTUALBOX_BASE_NAME", writing::always}),
    value<&virtualbox_settings::base_snapshot>(
        "base_snapshot",
        "Snapshot to clone from",
        {"virtualbox-base-snapshot", "VIRTUALBOX_BASE_SNAPSHOT"}),
    value<&virtualbox_settings::base_folder>(
        "base_folder",
        "Folder for new VMs",
        {"virtualbox-base-folder", "VIRTUALBOX_BASE_FOLDER", writing::always}),
    value<&virtualbox_settings::disable_snapshots>(
        "disable_snapshots",
        "True: full clone, VM destroyed after each job",
        {"virtualbox-disable-snapshots", "VIRTUALBOX_DISABLE_SNAPSHOTS", writing::always}),
    value<&virtualbox_settings::allowed_images>(
        "allowed_images",
        "Regular expressions of VM names a job may choose",
        {"virtualbox-allowed-images", "VIRTUALBOX_ALLOWED_IMAGES"}),
    value<&virtualbox_settings::start_type>(
        "start_type",
        "VM front end: headless, gui, separate",
        {"virtualbox-start-type", "VIRTUALBOX_START_TYPE", writing::always}),
};

}  // namespace

constinit section const ssh_settings_section{ssh_settings_keys, other<ssh_settings>};
constinit section const parallels_settings_section{parallels_settings_keys, other<parallels_settings>};
constinit section const virtualbox_settings_section{virtualbox_settings_keys, other<virtualbox_settings>};

}  // namespace corunner::config
