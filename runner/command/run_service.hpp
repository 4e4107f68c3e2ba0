#pragma once

#include "config/config.hpp"
#include "runner/command/config_reload.hpp"
#include "runner/command/run_metrics.hpp"
#include "runner/command/service_notice.hpp"
#include "runner/command/services.hpp"
#include "runner/command/status_socket.hpp"
#include "runner/command/token_rotation.hpp"
#include "runner/manager/manager.hpp"
#include "runner/observe/metrics.hpp"
#include "runner/observe/metrics_server.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace corunner {

// What stands around the manager of `run`: the stop signals and, unless it is for one job only, the
// watch over the configuration file, the renewal of tokens, the metrics server, the socket of
// `status` and the notices to the service manager. The manager must outlive it.
class run_service {
 public:
  struct options {
    std::filesystem::path file;
    bool strict = false;
    std::string listen_address;  // of the command line; wins over the file's; empty: not given
    bool once = false;
    std::string system_id;
    std::function<awaitable<void>()> beside;  // what else runs for as long as the manager
    std::function<void(int signal)> stop_signal;  // told the first one
  };

  // `running` and `fingerprint`: see config_reload.
  run_service(services& all, manager& jobs, options how, config::configuration running,
              std::size_t fingerprint);

  // Opens what must be there at the start; false when it cannot be, which has been logged.
  bool open();
  // The manager's run().
  awaitable<manager_end> run();

 private:
  config_reload::options reload_options();
  // Whether what [session_server] says could be done.
  bool check_sessions() const;
  // Where metrics are served when the file says `from_file`.
  error_code listen(std::string const& from_file);
  std::string report() const;
  bool lives() const;
  void say_stopping(int signal) const;

  services& all_;
  manager& jobs_;
  options how_;
  std::string first_address_;
  config::session_server sessions_;
  metrics figures_;
  metrics_server endpoint_;
  config_reload reload_;
  token_rotation tokens_;
  run_view view_;
  status_socket status_;
  service_notice notice_;
};

}  // namespace corunner
