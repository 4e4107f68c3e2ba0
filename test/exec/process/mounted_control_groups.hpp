#pragma once

namespace corunner::test {

// Mounts the hierarchies of control groups (v2, and the freezer of v1 where the kernel has it free)
// for this program and its children alone, in a mount namespace of its own, where the machine shows
// none that we may write. Needs CAP_SYS_ADMIN; without it everything stays as it is. Once per
// program.
void mount_control_groups();

}  // namespace corunner::test
