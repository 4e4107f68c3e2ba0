#include "test/exec/process/mounted_control_groups.hpp"

#include "exec/process/control_group.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace corunner::test {
namespace {

// The directory stays as long as the mount does, which ends with this program; then it is empty.
class mounts {
 public:
  mounts() {
    if (exec::find_control_group_place()) return;
    if (::unshare(CLONE_NEWNS) != 0) return;
    ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    unified_ = mounted("cgroup2", nullptr);
    freezer_ = mounted("cgroup", "freezer");
  }
  ~mounts() {
    for (auto const& each : {unified_, freezer_}) {
      if (each.empty()) continue;
      ::umount2(each.c_str(), MNT_DETACH);
      ::rmdir(each.c_str());
    }
  }
  mounts(mounts const&) = delete;
  mounts& operator=(mounts const&) = delete;

 private:
  static std::string mounted(char const* type, char const* options) {
    char name[] = "/tmp/corunner-test-cgroup-XXXXXX";
    if (!::mkdtemp(name)) return {};
    if (::mount("none", name, type, MS_NOSUID | MS_NODEV | MS_NOEXEC, options) == 0) return name;
    ::rmdir(name);
    return {};
  }

  std::string unified_;
  std::string freezer_;
};

}  // namespace

void mount_control_groups() { static mounts const all; }

}  // namespace corunner::test
