#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array ssh_settings_keys{
    value<&ssh_settings::user>("user", "Login name",
        {.flag = "ssh-user", .variable = "SSH_USER", .unset = "root"}),
    value<&ssh_settings::password>("password", "Password authentication",
        {"ssh-password", "SSH_PASSWORD"}),
    value<&ssh_settings::host>("host", "Server",
        {.flag = "ssh-host", .variable = "SSH_HOST", .unset = "localhost"}),
    value<&ssh_settings::port>("port", "Port, a string",
        {.flag = "ssh-port", .variable = "SSH_PORT", .unset = "22"}),
    value<&ssh_settings::identity_file>("identity_file", "Unencrypted private key file",
        {"ssh-identity-file", "SSH_IDENTITY_FILE"}),
    value<&ssh_settings::disable_strict_host_key_checking>("disable_strict_host_key_checking",
        "True: accept any host key",
        {.flag = "ssh-disable-strict-host-key-checking",
         .variable = "DISABLE_STRICT_HOST_KEY_CHECKING", .unset = "false"}),
    value<&ssh_settings::known_hosts_file>("known_hosts_file", "File with trusted host keys",
        {.flag = "ssh-known-hosts-file", .variable = "KNOWN_HOSTS_FILE",
         .unset = "~/.ssh/known_hosts"}),
};

constexpr std::array parallels_settings_keys{
    value<&parallels_settings::base_name>("base_name", "VM to clone",
        {.flag = "parallels-base-name", .variable = "PARALLELS_BASE_NAME",
         .unset = "none, required", .write = writing::always}),
    value<&parallels_settings::template_name>("template_name", "Name of the linked template",
        {.flag = "parallels-template-name", .variable = "PARALLELS_TEMPLATE_NAME",
         .unset = "<image>-template"}),
    value<&parallels_settings::disable_snapshots>("disable_snapshots",
        "True: destroy the VM after each job",
        {.flag = "parallels-disable-snapshots", .variable = "PARALLELS_DISABLE_SNAPSHOTS",
         .write = writing::always}),
    value<&parallels_settings::time_server>("time_server", "NTP server for the guest clock",
        {.flag = "parallels-time-server", .variable = "PARALLELS_TIME_SERVER",
         .unset = "time.apple.com"}),
    value<&parallels_settings::allowed_images>("allowed_images",
        "Regular expressions of VM names a job may choose",
        {.flag = "parallels-allowed-images", .variable = "PARALLELS_ALLOWED_IMAGES",
         .unset = "base_name only"}),
};

constexpr std::array virtualbox_settings_keys{
    value<&virtualbox_settings::base_name>("base_name", "VM to clone",
        {.flag = "virtualbox-base-name", .variable = "VIRTUALBOX_BASE_NAME",
         .unset = "none, required", .write = writing::always}),
    value<&virtualbox_settings::base_snapshot>("base_snapshot", "Snapshot to clone from",
        {.flag = "virtualbox-base-snapshot", .variable = "VIRTUALBOX_BASE_SNAPSHOT",
         .unset = "current snapshot"}),
    value<&virtualbox_settings::base_folder>("base_folder", "Folder for new VMs",
        {.flag = "virtualbox-base-folder", .variable = "VIRTUALBOX_BASE_FOLDER",
         .unset = "VirtualBox default", .write = writing::always}),
    value<&virtualbox_settings::disable_snapshots>("disable_snapshots",
        "True: full clone, VM destroyed after each job",
        {.flag = "virtualbox-disable-snapshots", .variable = "VIRTUALBOX_DISABLE_SNAPSHOTS",
         .write = writing::always}),
    value<&virtualbox_settings::allowed_images>("allowed_images",
        "Regular expressions of VM names a job may choose",
        {.flag = "virtualbox-allowed-images", .variable = "VIRTUALBOX_ALLOWED_IMAGES",
         .unset = "base_name only"}),
    value<&virtualbox_settings::start_type>("start_type", "VM front end: headless, gui, separate",
        {.flag = "virtualbox-start-type", .variable = "VIRTUALBOX_START_TYPE", .unset = "headless",
         .write = writing::always}),
};

}  // namespace

constinit section const ssh_settings_section{ssh_settings_keys};
constinit section const parallels_settings_section{parallels_settings_keys};
constinit section const virtualbox_settings_section{virtualbox_settings_keys};

}  // namespace corunner::config
