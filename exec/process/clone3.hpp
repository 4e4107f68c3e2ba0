#pragma once

#include <linux/sched.h>

#include <cstddef>

namespace corunner::exec {

// The system call clone3 for CLONE_VM and CLONE_VFORK, which the C library does not offer: as with
// vfork the child runs on our stack until it is another program or has ended, and we wait. Its pid,
// 0 in the child, or an error below zero (-errno; -ENOSYS also on processors that we do not know).
extern "C" [[gnu::returns_twice]] long corunner_clone3(clone_args const* how, std::size_t size);

}  // namespace corunner::exec
