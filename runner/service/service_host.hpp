#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// The machine that services are installed on: its files and its tools. A test has one in a
// directory.
struct service_host {
  std::filesystem::path root = "/";
  std::string search_path;        // PATH
  std::filesystem::path home;     // for services of the user's own

  // Where a file of the machine is, given from "/".
  std::filesystem::path at(std::string_view file) const { return root / file.substr(1); }

  // An executable file of that name in the search path; nothing when there is none.
  std::optional<std::filesystem::path> tool(std::string_view name) const;
};

// Who starts services there. Debian and Red Hat brought libraries of their own for System V
// scripts.
enum class init_system { systemd, upstart, openrc, sysv_debian, sysv_redhat, sysv, none };

// The first that is found, in the order of cli.md 9.
init_system init_system_of(service_host const& host);

}  // namespace corunner
