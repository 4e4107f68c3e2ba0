#pragma once

#include <string>

namespace corunner::exec {

// How a process ended, decoded once.
struct exit_status {
  int exit_code = 0;         // meaningless when `signal` is set
  int signal = 0;            // what it died of; 0: it exited by itself
  bool core_dumped = false;

  bool ok() const { return exit_code == 0 && signal == 0; }
  bool operator==(exit_status const&) const = default;
};

// "exit status 1", "signal: killed", "signal: aborted (core dumped)": the words that job logs show
// (shells.md 9).
std::string describe(exit_status const& how);

// The name of a signal in those words: "killed"; "signal 40" for one without a name.
std::string signal_name(int signal);

}  // namespace corunner::exec
