#pragma once

#include "exec/process/control_group.hpp"
#include "net/asio.hpp"
#include "net/blocking_pool.hpp"
#include "net/time_source.hpp"

#include <cstddef>
#include <string>

namespace corunner::exec {

// Ends (TERM, wait, KILL) the processes of this machine that carry the mark (process_options::mark)
// though we did not start them: those that an earlier process of ours left when it died. Returns
// how many there were. Bounded in time: at most seven seconds. Sees only what we may see: our own
// user's processes, or all of them when we are root.
awaitable<std::size_t> end_orphans(net::time_source& time, net::blocking_pool& pool,
                                   std::string mark);

// The same for all that live in a control group, which is then removed.
awaitable<std::size_t> end_members(net::time_source& time, control_group group);

}  // namespace corunner::exec
