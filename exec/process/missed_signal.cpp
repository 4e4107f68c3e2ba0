#include "exec/process/missed_signal.hpp"

#include "exec/process/spawn.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

namespace corunner::exec {

void missed_signal::look(std::vector<process_facts> const& members) {
  present_.clear();
  childless_.clear();
  for (auto const& each : members) {
    present_.insert(each.pid);
    childless_.insert(each.pid);
  }
  for (auto const& each : members) childless_.erase(each.parent);
}

std::vector<int> missed_signal::newcomers(std::vector<process_facts> const& members) const {
  std::vector<int> found;
  for (auto const& each : members) {
    if (!present_.contains(each.pid) && childless_.contains(each.parent)) found.push_back(each.pid);
  }
  return found;
}

void terminate_member(int pid, int group) {
  owned_fd const process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process || ::getpgid(pid) != group) return;
  ::syscall(SYS_pidfd_send_signal, process.get(), SIGTERM, nullptr, 0);
}

}  // namespace corunner::exec
