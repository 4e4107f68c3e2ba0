#pragma once

#include "exec/process/process.hpp"
#include "net/time_source.hpp"
#include "runner/service/service_file.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace corunner {

struct service_state {
  enum class kind { running, stopped, failed, not_installed, unknown };
  kind what = kind::unknown;
  std::string text;  // of `unknown`: what the tool said
};

// Installs a program as a service and lets the tools of the init system (systemctl, service, ...)
// do what they are for. The results are reasons why it could not be done; nothing: done.
class service_control {
 public:
  using trouble = std::optional<std::string>;

  service_control(init_system system, service_host host, exec::process_launcher& launcher,
                  net::time_source& time)
      : system_(system), host_(std::move(host)), launcher_(launcher), time_(time) {}

  // Writes the file and has it started with the machine, but does not start it now. An existing one
  // is left as it is.
  awaitable<trouble> install(service_definition what);
  // Does not stop it.
  awaitable<trouble> uninstall(std::string name, bool of_user);
  awaitable<trouble> start(std::string name, bool of_user) {
    return act("start", std::move(name), of_user);
  }
  awaitable<trouble> stop(std::string name, bool of_user) {
    return act("stop", std::move(name), of_user);
  }
  awaitable<trouble> restart(std::string name, bool of_user) {
    return act("restart", std::move(name), of_user);
  }
  awaitable<service_state> state(std::string name, bool of_user);

  init_system system() const { return system_; }

 private:
  using words = std::vector<std::string>;
  struct answer {
    trouble failed;    // it could not be started
    int exit_code = 0;
    std::string text;  // what it printed
  };

  awaitable<trouble> act(std::string action, std::string name, bool of_user);
  words command(std::string const& action, std::string const& name, bool of_user) const;
  static words systemctl(std::string const& action, bool of_user);
  awaitable<answer> ask(words what);
  awaitable<trouble> call(words what);
  // Makes systemd read its files again.
  awaitable<trouble> reload(bool of_user);
  trouble link_runlevels(std::string const& name) const;
  void unlink_runlevels(std::string const& name) const;
  bool is_sysv() const;

  init_system system_;
  service_host host_;
  exec::process_launcher& launcher_;
  net::time_source& time_;
};

}  // namespace corunner
