#include "runner/job/stop_scope.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>

namespace corunner {

stop_scope::stop_scope(asio::any_io_executor executor, net::time_source& time)
    : executor_(executor), time_(time), stopped_(std::move(executor)) {}

stop_scope::stop_scope(stop_scope& parent)
    : executor_(parent.executor_),
      time_(parent.time_),
      parent_(&parent),
      deadline_(parent.deadline_),
      stopped_(parent.executor_) {
  parent.parts_.push_back(this);
  if (parent.stopped()) stopped_.set();
}

stop_scope::~stop_scope() {
  if (parent_) std::erase(parent_->parts_, this);
}

void stop_scope::end_after(duration length) {
  deadline_ = std::min(deadline_, time_.now() + length);
}

void stop_scope::stop() {
  stopped_.set();
  for (auto* const part : parts_) part->stop();
}

bool stop_scope::late() const { return time_.now() >= deadline_; }

stop_scope::duration stop_scope::time_left() const {
  return deadline_ == time_point::max() ? duration::max() : deadline_ - time_.now();
}

awaitable<error_code> stop_scope::wait() {
  using namespace asio::experimental::awaitable_operators;
  if (ended()) co_return error_code();
  if (deadline_ == time_point::max()) co_return co_await stopped_.wait();
  auto const first = co_await (stopped_.wait() || time_.sleep_until(deadline_));
  co_return first.index() == 0 ? std::get<0>(first) : std::get<1>(first);
}

}  // namespace corunner
