// The files by which init systems know a service. cli.md 9
#include "runner/service/service_file.hpp"

#include "exec/script/quoting.hpp"
#include "runner/service/sysv_script.hpp"

#include <fmt/format.h>

namespace corunner {

namespace {

// systemd expands % and $, and takes quotes and backslashes for its own.
std::string systemd_text(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '%' || c == '$') out += c;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// The path of a program may not stand in quotes.
std::string systemd_path(std::string_view path) {
  std::string out;
  for (char const c : systemd_text(path)) out += c == ' ' ? "\\x20" : std::string(1, c);
  return out;
}

// The main process alone is told to stop: it ends its jobs itself, and knows why they ended. Each
// job gets a control group of its own.
std::string systemd_unit(service_definition const& what) {
  auto command = systemd_path(what.program.string());
  for (auto const& word : what.arguments) command += " \"" + systemd_text(word) + '"';
  return fmt::format(R"sh([Unit]
Description=GitLab Runner
ConditionFileIsExecutable={}
After=network.target

[Service]
Type=notify
StartLimitInterval=5
StartLimitBurst=10
ExecStart={}
{}KillMode=mixed
Delegate=yes
Restart=always
RestartSec=120
EnvironmentFile=-/etc/sysconfig/{}

[Install]
WantedBy={}.target
)sh",
                     systemd_path(what.program.string()), command,
                     what.user.empty() ? "" : fmt::format("User={}\n", what.user), what.name,
                     what.of_user ? "default" : "multi-user");
}

std::string upstart_job(service_definition const& what) {
  return fmt::format(R"sh(description "GitLab Runner"

start on filesystem or runlevel [2345]
stop on runlevel [!2345]
kill signal INT
{}respawn
respawn limit 10 5
umask 022
console none

pre-start script
  test -x {} || {{ stop; exit 0; }}
end script

script
  if [ -f /etc/sysconfig/{} ]; then set -a; . /etc/sysconfig/{}; set +a; fi
  exec {}{}
end script
)sh",
                     what.user.empty() ? "" : fmt::format("setuid {}\n", what.user),
                     exec::quote_posix(what.program.string()), what.name, what.name,
                     exec::quote_posix(what.program.string()), quoted_words(what.arguments));
}

std::string openrc_script(service_definition const& what) {
  return fmt::format(
      R"sh(#!/sbin/openrc-run

description="GitLab Runner"
command={}
command_args={}
command_background=true
pidfile="/run/{}.pid"
{}output_log="/var/log/{}.log"
error_log="/var/log/{}.err"
retry="TERM/60/KILL/5"

depend() {{
  need localmount
  use net
}}

if [ -r /etc/conf.d/{} ]; then set -a; . /etc/conf.d/{}; set +a; fi
)sh",
      exec::quote_posix(what.program.string()), exec::quote_posix(quoted_words(what.arguments)),
      what.name,
      what.user.empty() ? "" : fmt::format("command_user={}\n", exec::quote_posix(what.user)),
      what.name, what.name, what.name, what.name);
}

}  // namespace

std::filesystem::path service_file_path(init_system system, std::string const& name, bool of_user,
                                        service_host const& host) {
  switch (system) {
    case init_system::systemd:
      if (of_user) return host.home / ".config/systemd/user" / (name + ".service");
      return host.at("/etc/systemd/system") / (name + ".service");
    case init_system::upstart:
      return host.at("/etc/init") / (name + ".conf");
    case init_system::openrc:
    case init_system::sysv_debian:
    case init_system::sysv_redhat:
    case init_system::sysv:
      return host.at("/etc/init.d") / name;
    case init_system::none:
      break;
  }
  return {};
}

std::string service_file_text(init_system system, service_definition const& what) {
  switch (system) {
    case init_system::systemd:
      return systemd_unit(what);
    case init_system::upstart:
      return upstart_job(what);
    case init_system::openrc:
      return openrc_script(what);
    case init_system::sysv_debian:
    case init_system::sysv_redhat:
    case init_system::sysv:
      return sysv_script(system, what);
    case init_system::none:
      break;
  }
  return {};
}

}  // namespace corunner
