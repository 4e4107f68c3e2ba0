#include "runner/manager/entry_health.hpp"

namespace corunner {

using namespace std::chrono_literals;

namespace {

constexpr net::back_off::options after_trouble{1s, 60s, 2.0, true};

}  // namespace

entry_health::entry_health(std::optional<pause> after_refusals, std::uint64_t seed,
                           time_point first_seen)
    : pause_(after_refusals), back_off_(after_trouble, seed), last_good_(first_seen) {}

void entry_health::good(time_point now) {
  back_off_.reset();
  refusals_ = 0;
  last_good_ = now;
  not_before_ = time_point::min();
}

void entry_health::wait_longer(time_point asked, time_point now) {
  if (asked < last_failure_) return;
  last_failure_ = now;
  not_before_ = now + back_off_.next();
}

void entry_health::failed(time_point asked, time_point now) {
  // A server that errs does not refuse us.
  refusals_ = 0;
  last_good_ = now;
  wait_longer(asked, now);
}

bool entry_health::refused(time_point asked, time_point now) {
  ++refusals_ever_;
  ++refusals_;
  if (!pause_) {
    wait_longer(asked, now);
    return false;
  }
  back_off_.reset();
  if (!paused()) return false;
  not_before_ = last_good_ + pause_->length;
  return refusals_ == pause_->refusals;
}

bool entry_health::ask(time_point now) {
  if (!paused()) return false;
  refusals_ = 0;
  last_good_ = now;
  return true;
}

void entry_health::forgive(time_point now) {
  last_failure_ = time_point::min();
  good(now);
}

}  // namespace corunner
