#include "exec/process/clone3.hpp"

// Assembly because a C++ function that returns in the child leaves the parent a stack on which its
// return address has been written over.
#if defined(__x86_64__)
asm(R"(
  .text
  .globl corunner_clone3
  .type corunner_clone3, @function
corunner_clone3:
  .cfi_startproc
  pop %rdx           # our return address, which the child writes over: registers are each one's own
  .cfi_adjust_cfa_offset -8
  .cfi_register %rip, %rdx
  mov $435, %eax
  syscall
  push %rdx
  .cfi_adjust_cfa_offset 8
  ret
  .cfi_endproc
  .size corunner_clone3, . - corunner_clone3
)");
#elif defined(__aarch64__)
asm(R"(
  .text
  .globl corunner_clone3
  .type corunner_clone3, %function
corunner_clone3:     // our return address is in a register
  .cfi_startproc
  mov x8, #435
  svc #0
  ret
  .cfi_endproc
  .size corunner_clone3, . - corunner_clone3
)");
#else
#include <cerrno>

extern "C" long corunner_clone3(clone_args const*, std::size_t) { return -ENOSYS; }
#endif
