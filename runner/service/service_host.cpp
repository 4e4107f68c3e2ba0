#include "runner/service/service_host.hpp"

#include <unistd.h>

#include <fstream>
#include <system_error>

namespace corunner {

namespace {

namespace fs = std::filesystem;

bool is_there(fs::path const& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

std::string name_of_first_process(service_host const& host) {
  std::string name;
  std::getline(std::ifstream(host.at("/proc/1/comm")) >> std::ws, name);
  return name;
}

bool has_systemd(service_host const& host) {
  if (is_there(host.at("/run/systemd/system"))) return true;
  return (host.tool("systemctl") && name_of_first_process(host) == "systemd") ||
         host.tool("rpm-ostree");
}

bool has_upstart(service_host const& host) {
  return is_there(host.at("/sbin/upstart-udev-bridge")) ||
         (is_there(host.at("/etc/init")) && host.tool("initctl"));
}

bool has_openrc(service_host const& host) {
  return is_there(host.at("/run/openrc")) || host.tool("openrc-run");
}

}  // namespace

std::optional<fs::path> service_host::tool(std::string_view name) const {
  for (std::string_view rest = search_path; !rest.empty();) {
    auto const end = std::min(rest.find(':'), rest.size());
    auto const file = fs::path(rest.substr(0, end)) / name;
    if (end > 0 && fs::is_regular_file(file) && ::access(file.c_str(), X_OK) == 0) return file;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

init_system init_system_of(service_host const& host) {
  if (has_systemd(host)) return init_system::systemd;
  if (has_upstart(host)) return init_system::upstart;
  if (has_openrc(host)) return init_system::openrc;
  if (is_there(host.at("/lib/lsb/init-functions")) &&
      is_there(host.at("/sbin/start-stop-daemon"))) {
    return init_system::sysv_debian;
  }
  if (is_there(host.at("/etc/rc.d/init.d/functions"))) return init_system::sysv_redhat;
  return is_there(host.at("/etc/init.d")) ? init_system::sysv : init_system::none;
}

}  // namespace corunner
