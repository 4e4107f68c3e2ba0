#pragma once

#include "exec/process/strays.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

namespace corunner::test {

// A mark for processes of this test program alone: who ends the strays of a mark ends those of
// every program that uses it.
inline std::string own_mark(std::string const& name = "m") {
  return name + std::to_string(::getpid());
}

// Ends what earlier cases left: a launcher that begins with children may have strangers among its
// own.
struct without_children {
  without_children() {
    for (int const pid : exec::children_of_ours()) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }
};

}  // namespace corunner::test
