#include "runner/command/user_mode.hpp"

#include <unistd.h>

namespace corunner {

void announce_mode(services const& all, mode_hint hint) {
  if (::getuid() == 0) {
    all.log.info("Running in system-mode.");
  } else {
    all.log.warning("Running in user-mode.");
    if (hint == mode_hint::how_to_start) {
      all.log.warning("The user-mode requires you to manually start builds processing:");
      all.log.warning("$ " + all.program + " run");
    }
    all.log.warning("Use sudo for system-mode:");
    all.log.warning("$ sudo " + all.program + "...");
  }
  all.log.info("");
}

}  // namespace corunner
