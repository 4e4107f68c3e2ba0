#pragma once

#include "exec/process/posix_launcher.hpp"
#include "runner/command/flag.hpp"
#include "runner/command/services.hpp"
#include "runner/service/service_control.hpp"

#include <string>
#include <vector>

namespace corunner {

// The flags that all commands for services share, and the services of this machine.
class service_access {
 public:
  explicit service_access(services& all);

  // --service and, for everybody but root, --user-service.
  std::vector<flag> flags();
  std::string const& name() const { return name_; }
  bool of_user() const { return of_user_; }
  service_control& control() { return control_; }
  bool is_root() const { return is_root_; }

 private:
  std::string name_ = "gitlab-runner";
  bool of_user_ = false;
  bool is_root_;
  exec::posix_launcher launcher_;
  service_control control_;
};

}  // namespace corunner
