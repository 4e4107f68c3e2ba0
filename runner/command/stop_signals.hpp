#pragma once

namespace corunner {

// INT, TERM, QUIT and HUP are blocked from the first instruction of the program, so that none is
// lost or kills it before a handler stands. Who handles them opens them once its handlers are in
// place; for all other commands main opens them before the command runs. PIPE is ignored for good.
void block_stop_signals();
void open_stop_signals();

}  // namespace corunner
