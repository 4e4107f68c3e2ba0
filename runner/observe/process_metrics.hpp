#pragma once

#include "runner/observe/metrics.hpp"

namespace corunner {

// Resident memory, processor time, open files, start, network, threads, allocator: what the kernel
// and the C library tell of this process (observability.md 1.6). What they do not tell is left out.
void add_process_metrics(metrics& into);

}  // namespace corunner
