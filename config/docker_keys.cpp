#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array docker_service_keys{
    value<&docker_service::name>("name", "Service image; job variables are expanded"),
    value<&docker_service::alias>(
        "alias",
        "Host names, separated by spaces or commas; job variables are expanded"),
    value<&docker_service::command>("command", "Container command"),
    value<&docker_service::entrypoint>("entrypoint", "Container entry point"),
    value<&docker_service::environment>("environment", "KEY=VALUE entries for the service only"),
    value<&docker_service::suspend_data_path>(
        "suspend_data_path",
        "Directory kept on the suspend volume (Kubernetes)"),
};

constexpr std::array docker_settings_keys{
    value<&docker_settings::host>("host", "Docker API end point", {"docker-host", "DOCKER_HOST"}),
    value<&docker_settings::tls_cert_path>(
        "tls_cert_path",
        "Directory with ca.pem, cert.pem and key.pem",
        {"docker-cert-path", "DOCKER_CERT_PATH"}),
    value<&docker_settings::tls_verify>(
        "tls_verify",
        "Use TLS to the daemon and check its certificate",
        {"docker-tlsverify", "DOCKER_TLS_VERIFY", writing::always}),
    value<&docker_settings::hostname>(
        "hostname",
        "Host name inside the build and helper containers",
        {"docker-hostname", "DOCKER_HOSTNAME"}),
    value<&docker_settings::image>(
        "image",
        "Image used when a job names none",
        {"docker-image", "DOCKER_IMAGE", writing::always}),
    value<&docker_settings::runtime>(
        "runtime",
        "OCI runtime",
        {"docker-runtime", "DOCKER_RUNTIME"}),
    value<&docker_settings::memory>(
        "memory",
        "Memory limit of build and helper containers, size string",
        {"docker-memory", "DOCKER_MEMORY"}),
    value<&docker_settings::memory_swap>(
        "memory_swap",
        "Memory plus swap limit, size string",
        {"docker-memory-swap", "DOCKER_MEMORY_SWAP"}),
    value<&docker_settings::memory_reservation>(
        "memory_reservation",
        "Soft memory limit, size string",
        {"docker-memory-reservation", "DOCKER_MEMORY_RESERVATION"}),
    value<&docker_settings::cgroup_parent>(
        "cgroup_parent",
        "Parent cgroup of build and helper containers",
        {"docker-cgroup-parent", "DOCKER_CGROUP_PARENT"}),
    value<&docker_settings::cpuset_cpus>(
        "cpuset_cpus",
        "CPU list for pinning",
        {"docker-cpuset-cpus", "DOCKER_CPUSET_CPUS"}),
    value<&docker_settings::cpuset_mems>(
        "cpuset_mems",
        "NUMA node list for pinning",
        {"docker-cpuset-mems", "DOCKER_CPUSET_MEMS"}),
    value<&docker_settings::cpus>(
        "cpus",
        "Number of CPUs as decimal or fraction text",
        {"docker-cpus", "DOCKER_CPUS"}),
    value<&docker_settings::cpu_shares>(
        "cpu_shares",
        "Relative CPU weight",
        {"docker-cpu-shares", "DOCKER_CPU_SHARES"}),
    value<&docker_settings::dns>(
        "dns",
        "Name servers; each must be an IP address",
        {"docker-dns", "DOCKER_DNS"}),
    value<&docker_settings::dns_search>(
        "dns_search",
        "DNS search domains",
        {"docker-dns-search", "DOCKER_DNS_SEARCH"}),
    value<&docker_settings::privileged>(
        "privileged",
        "Run build, helper and (unless services_privileged says otherwise) service "
        "containers privileged",
        {"docker-privileged", "DOCKER_PRIVILEGED", writing::always}),
    value<&docker_settings::services_privileged>(
        "services_privileged",
        "Privileged mode of service containers",
        {"docker-services_privileged", "DOCKER_SERVICES_PRIVILEGED"}),
    value<&docker_settings::disable_entrypoint_overwrite>(
        "disable_entrypoint_overwrite",
        "Forbid jobs to change an image's entry point",
        {"docker-disable-entrypoint-overwrite", "DOCKER_DISABLE_ENTRYPOINT_OVERWRITE", writing::always}),
    value<&docker_settings::user>(
        "user",
        "User inside the build container",
        {"docker-user", "DOCKER_USER"}),
    value<&docker_settings::allowed_users>(
        "allowed_users",
        "Users a job may choose",
        {"docker-allowed_users", "DOCKER_ALLOWED_USERS"}),
    value<&docker_settings::group_add>(
        "group_add",
        "Additional groups of the container process",
        {"docker-group-add", "DOCKER_GROUP_ADD"}),
    value<&docker_settings::userns_mode>(
        "userns_mode",
        "User namespace mode",
        {"docker-userns", "DOCKER_USERNS_MODE"}),
    value<&docker_settings::cap_add>(
        "cap_add",
        "Capabilities to add",
        {"docker-cap-add", "DOCKER_CAP_ADD"}),
    value<&docker_settings::cap_drop>(
        "cap_drop",
        "Capabilities to drop",
        {"docker-cap-drop", "DOCKER_CAP_DROP"}),
    value<&docker_settings::oom_kill_disable>(
        "oom_kill_disable",
        "Keep the kernel from killing on out-of-memory",
        {"docker-oom-kill-disable", "DOCKER_OOM_KILL_DISABLE", writing::always}),
    value<&docker_settings::oom_score_adjust>(
        "oom_score_adjust",
        "OOM score change",
        {"docker-oom-score-adjust", "DOCKER_OOM_SCORE_ADJUST"}),
    value<&docker_settings::security_opt>(
        "security_opt",
        "Security options of build and helper containers",
        {"docker-security-opt", "DOCKER_SECURITY_OPT"}),
    value<&docker_settings::services_security_opt>(
        "services_security_opt",
        "Security options of service containers",
        {"docker-services-security-opt", "DOCKER_SERVICES_SECURITY_OPT"}),
    value<&docker_settings::devices>(
        "devices",
        "Host devices for build and helper containers",
        {"docker-devices", "DOCKER_DEVICES"}),
    value<&docker_settings::device_cgroup_rules>(
        "device_cgroup_rules",
        "Device cgroup rules",
        {"docker-device-cgroup-rules", "DOCKER_DEVICE_CGROUP_RULES"}),
    value<&docker_settings::gpus>(
        "gpus",
        "GPU request, docker CLI syntax",
        {"docker-gpus", "DOCKER_GPUS"}),
    value<&docker_settings::services_devices>(
        "services_devices",
        "Image pattern to list of devices for services",
        {"docker-services_devices", "DOCKER_SERVICES_DEVICES"}),
    value<&docker_settings::disable_cache>(
        "disable_cache",
        "Volumes given by destination only are temporary: removed with the job",
        {"docker-disable-cache", "DOCKER_DISABLE_CACHE", writing::always}),
    value<&docker_settings::volumes>(
        "volumes",
        "Volumes and binds, docker -v syntax",
        {"docker-volumes", "DOCKER_VOLUMES"}),
    value<&docker_settings::volume_keep>(
        "volume_keep",
        "Keep anonymous volumes when containers are removed",
        {"docker-volume-keep", "DOCKER_VOLUME_KEEP", writing::always}),
    value<&docker_settings::volume_driver>(
        "volume_driver",
        "Volume driver",
        {"docker-volume-driver", "DOCKER_VOLUME_DRIVER"}),
    value<&docker_settings::volume_driver_ops>(
        "volume_driver_ops",
        "Volume driver options",
        {"docker-volume-driver-ops", "DOCKER_VOLUME_DRIVER_OPS"}),
    value<&docker_settings::cache_dir>(
        "cache_dir",
        "Host directory for cache binds instead of volumes; created by the Engine, root 0755",
        {"docker-cache-dir", "DOCKER_CACHE_DIR"}),
    value<&docker_settings::extra_hosts>(
        "extra_hosts",
        "Name:address entries",
        {"docker-extra-hosts", "DOCKER_EXTRA_HOSTS"}),
    value<&docker_settings::volumes_from>(
        "volumes_from",
        "Containers whose volumes are mounted, name[:ro|rw]",
        {"docker-volumes-from", "DOCKER_VOLUMES_FROM"}),
    value<&docker_settings::network_mode>(
        "network_mode",
        "Network of the containers",
        {"docker-network-mode", "DOCKER_NETWORK_MODE"}),
    value<&docker_settings::pid_mode>(
        "pid_mode",
        "PID name space of the build container",
        {"docker-pid-mode", "DOCKER_PID_MODE"}),
    value<&docker_settings::ipcmode>(
        "ipcmode",
        "IPC name space",
        {"docker-ipcmode", "DOCKER_IPC_MODE"}),
    value<&docker_settings::mac_address>(
        "mac_address",
        "MAC address of build, helper and service containers; from Engine API 1.44 on",
        {"docker-mac-address", "DOCKER_MAC_ADDRESS"}),
    value<&docker_settings::links>(
        "links",
        "Legacy container links",
        {"docker-links", "DOCKER_LINKS"}),
    table_list<&docker_settings::services>("services", "Service containers added to every job",
        docker_service_section),
    value<&docker_settings::services_limit>(
        "services_limit",
        "Most services of one job",
        {"docker-services-limit", "DOCKER_SERVICES_LIMIT"}),
    value<&docker_settings::service_memory>(
        "service_memory",
        "Memory limit of a service",
        {"docker-service-memory", "DOCKER_SERVICE_MEMORY"}),
    value<&docker_settings::service_memory_swap>(
        "service_memory_swap",
        "Memory plus swap limit of a service",
        {"docker-service-memory-swap", "DOCKER_SERVICE_MEMORY_SWAP"}),
    value<&docker_settings::service_memory_reservation>(
        "service_memory_reservation",
        "Soft memory limit of a service",
        {"docker-service-memory-reservation", "DOCKER_SERVICE_MEMORY_RESERVATION"}),
    value<&docker_settings::service_cgroup_parent>(
        "service_cgroup_parent",
        "Parent cgroup of services",
        {"docker-service-cgroup-parent", "DOCKER_SERVICE_CGROUP_PARENT"}),
    value<&docker_settings::service_slot_cgroup_template>(
        "service_slot_cgroup_template",
        "Slot cgroup template for services",
        {"docker-service-slot-cgroup-template", "DOCKER_SERVICE_SLOT_CGROUP_TEMPLATE"}),
    value<&docker_settings::service_cpuset_cpus>(
        "service_cpuset_cpus",
        "CPU list for services",
        {"docker-service-cpuset-cpus", "DOCKER_SERVICE_CPUSET_CPUS"}),
    value<&docker_settings::service_cpus>(
        "service_cpus",
        "Number of CPUs of a service",
        {"docker-service-cpus", "DOCKER_SERVICE_CPUS"}),
    value<&docker_settings::service_cpu_shares>(
        "service_cpu_shares",
        "Relative CPU weight of a service",
        {"docker-service-cpu-shares", "DOCKER_SERVICE_CPU_SHARES"}),
    value<&docker_settings::service_gpus>(
        "service_gpus",
        "GPU request for services",
        {"docker-service_gpus", "DOCKER_SERVICE_GPUS"}),
    value<&docker_settings::wait_for_services_timeout>(
        "wait_for_services_timeout",
        "Seconds to wait for services; always used up with network_mode host or none",
        {"docker-wait-for-services-timeout", "DOCKER_WAIT_FOR_SERVICES_TIMEOUT"}),
    value<&docker_settings::allowed_images>(
        "allowed_images",
        "Image patterns jobs may use",
        {"docker-allowed-images", "DOCKER_ALLOWED_IMAGES"}),
    value<&docker_settings::allowed_privileged_images>(
        "allowed_privileged_images",
        "Image patterns that may be privileged; the helper is tested by its image id",
        {"docker-allowed-privileged-images", "DOCKER_ALLOWED_PRIVILEGED_IMAGES"}),
    value<&docker_settings::allowed_privileged_services>(
        "allowed_privileged_services",
        "Service patterns that may be privileged",
        {"docker-allowed-privileged-services", "DOCKER_ALLOWED_PRIVILEGED_SERVICES"}),
    value<&docker_settings::allowed_pull_policies>(
        "allowed_pull_policies",
        "Pull policies jobs may use",
        {"docker-allowed-pull-policies", "DOCKER_ALLOWED_PULL_POLICIES"}),
    value<&docker_settings::allowed_services>(
        "allowed_services",
        "Service image patterns jobs may use",
        {"docker-allowed-services", "DOCKER_ALLOWED_SERVICES"}),
    value<&docker_settings::pull_policy>(
        "pull_policy",
        "Pull policy or ordered list: always, if-not-present, never",
        {"docker-pull-policy", "DOCKER_PULL_POLICY"}),
    value<&docker_settings::isolation>(
        "isolation",
        "Windows isolation: default, hyperv, process",
        {"docker-isolation", "DOCKER_ISOLATION"}),
    value<&docker_settings::shm_size>(
        "shm_size",
        "Size of /dev/shm in bytes",
        {"docker-shm-size", "DOCKER_SHM_SIZE", writing::always}),
    value<&docker_settings::tmpfs>(
        "tmpfs",
        "Mount point to tmpfs options, build and helper containers",
        {"docker-tmpfs", "DOCKER_TMPFS"}),
    value<&docker_settings::services_tmpfs>(
        "services_tmpfs",
        "Mount point to tmpfs options, services",
        {"docker-services-tmpfs", "DOCKER_SERVICES_TMPFS"}),
    value<&docker_settings::sysctls>(
        "sysctls",
        "Kernel parameters",
        {"docker-sysctls", "DOCKER_SYSCTLS"}),
    value<&docker_settings::helper_image>(
        "helper_image",
        "Helper image; job and version variables are expanded",
        {"docker-helper-image", "DOCKER_HELPER_IMAGE"}),
    value<&docker_settings::helper_image_flavor>(
        "helper_image_flavor",
        "Helper image flavor, any word: an unknown one fails as a missing image",
        {"docker-helper-image-flavor", "DOCKER_HELPER_IMAGE_FLAVOR"}),
    value<&docker_settings::container_labels>(
        "container_labels",
        "Labels on build, helper and service containers (services also with the prefix "
        "com.gitlab.gitlab-runner.); variables in values are expanded",
        {"docker-container-labels", ""}),
    value<&docker_settings::enable_ipv6>(
        "enable_ipv6",
        "IPv6 on per-job networks",
        {"docker-enable-ipv6", ""}),
    value<&docker_settings::ulimit>(
        "ulimit",
        "Limit name to soft[:hard]",
        {"docker-ulimit", "DOCKER_ULIMIT"}),
    value<&docker_settings::network_mtu>(
        "network_mtu",
        "MTU of per-job networks",
        {"docker-network-mtu", "", writing::always}),
    value<&docker_settings::log_options>(
        "log_options",
        "Json-file log driver options; only env and labels",
        {"docker-log-options", "DOCKER_LOG_OPTIONS"}),
};

}  // namespace

constinit section const docker_service_section{docker_service_keys, other<docker_service>};
constinit section const docker_settings_section{docker_settings_keys, other<docker_settings>};

}  // namespace corunner::config
