#include "exec/process/kill_ladder.hpp"

#include <algorithm>

namespace corunner::exec {

kill_ladder::step kill_ladder::start() {
  last_ = action::terminate;
  return {last_, std::min(how_.newcomers, how_.terminate)};
}

kill_ladder::step kill_ladder::signal_failed() {
  if (last_ == action::terminate) last_ = action::terminate_newcomers;
  return next();
}

kill_ladder::step kill_ladder::next() {
  if (last_ == action::terminate && how_.newcomers < how_.terminate) {
    last_ = action::terminate_newcomers;
    return {last_, how_.terminate - how_.newcomers};
  }
  if (last_ == action::terminate || last_ == action::terminate_newcomers) {
    last_ = action::kill;
    return {last_, how_.kill};
  }
  last_ = action::give_up;
  return {last_, std::chrono::milliseconds(0)};
}

}  // namespace corunner::exec
