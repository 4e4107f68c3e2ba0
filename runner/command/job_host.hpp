#pragma once

#include "exec/dummy/dummy_executor.hpp"
#include "exec/process/posix_launcher.hpp"
#include "exec/process/run_process.hpp"
#include "net/http_client.hpp"
#include "runner/command/services.hpp"
#include "runner/coordinator/git/git.hpp"
#include "runner/journal/journal.hpp"
#include "runner/manager/manager.hpp"

#include <memory>
#include <optional>
#include <string>

namespace corunner {

// What the commands that run jobs (`run`, `local`) compose for their manager: the HTTP client, the
// process launcher, the executors by name, spool files. Must outlive the manager.
class job_host {
 public:
  struct options {
    std::optional<config::duration> connection_max_age;  // of the configuration file; unset: 15 min
    exec::run_options scripts;                           // how patiently scripts are ended
  };
  explicit job_host(services& all) : job_host(all, options{}) {}
  job_host(services& all, options how);
  // For commands that a person watches: who pressed Ctrl-C does not wait five minutes.
  static options impatient();

  manager_services make_services(logger log, corunner::journal& journal);
  exec::process_launcher& launcher() { return launcher_; }
  // See posix_launcher.
  awaitable<void> reap_adopted();
  coordinator::git git() { return {launcher_, all_.time}; }
  // This program as jobs see it.
  static job_identity identity(std::string system_id);

 private:
  std::unique_ptr<exec::executor> make_executor(std::string const& name);
  awaitable<void> remove_leftover(exec::leftover const& what);

  services& all_;
  net::http_client http_;
  exec::posix_launcher launcher_;
  exec::dummy_world dummy_;
  exec::run_options scripts_;
};

}  // namespace corunner
