#pragma once

#include "test/system/support/world.hpp"

#include <string>

namespace corunner::test {

// A machine with systemd as its first process, made of namespaces by test/data/systemd/boot, which
// says what is there. The world's directory has the same name there, and the network is ours. Needs
// root. Everything that runs there ends with the object; the world must outlive it.
class systemd_machine {
 public:
  explicit systemd_machine(world& in);

  // Runs a script of sh as root, in the world's directory, beginning with `expect` (see the
  // source); what it printed. The test fails, showing the machine's journal, when the script does.
  std::string run(std::string const& script);

 private:
  std::vector<std::string> inside(std::vector<std::string> command) const;

  world& world_;
  child boot_;
  int first_process_ = 0;  // as seen from here
};

}  // namespace corunner::test
