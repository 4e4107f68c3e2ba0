#include "exec/process/kill_ladder.hpp"

namespace corunner::exec {

kill_ladder::step kill_ladder::start() {
  last_ = action::terminate;
  return {last_, how_.terminate};
}

kill_ladder::step kill_ladder::next() {
  if (last_ == action::terminate) {
    last_ = action::kill;
    return {last_, how_.kill};
  }
  last_ = action::give_up;
  return {last_, std::chrono::milliseconds(0)};
}

}  // namespace corunner::exec
