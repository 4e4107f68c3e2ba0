#include "runner/command/service_access.hpp"

#include <unistd.h>

#include <utility>

namespace corunner {

namespace {

service_host this_machine(config::environment const& variables) {
  service_host host;
  host.search_path = variables("PATH").value_or("");
  host.home = variables("HOME").value_or("");
  return host;
}

service_control services_of(service_host host, exec::process_launcher& launcher,
                            net::time_source& time) {
  auto const system = init_system_of(host);
  return {system, std::move(host), launcher, time};
}

}  // namespace

service_access::service_access(services& all)
    : is_root_(::geteuid() == 0),
      launcher_(all.io.get_executor(), all.time),
      control_(services_of(this_machine(all.variables), launcher_, all.time)) {}

std::vector<flag> service_access::flags() {
  std::vector<flag> all{{"n, service", &name_, "name of the service", ""}};
  if (!is_root_) all.push_back({"user-service", &of_user_, "a service of your own (systemd)", ""});
  return all;
}

}  // namespace corunner
