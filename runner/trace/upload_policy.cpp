#include "runner/trace/upload_policy.hpp"

#include <algorithm>

namespace corunner {

namespace {

using namespace std::chrono_literals;

constexpr auto longest_interval = 15min;

std::size_t patch_length(std::uint64_t pending) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(pending, gitlab::trace_patch_limit));
}

}  // namespace

upload_policy::upload_policy(settings how, time_point start)
    : how_(how), start_(start), first_interval_(how.interval), sent_(how.sent) {}

upload_policy::duration upload_policy::force_send() const {
  if (!how_.dynamic_force_send) return how_.force_send;
  return std::clamp<duration>(how_.interval * 4, 30s, 30min);
}

upload_policy::time_point upload_policy::patch_due(time_point now, std::uint64_t size) {
  if (size <= sent_) return time_point::max();
  if (!waiting_since_) waiting_since_ = now;
  bool const whole = size - sent_ >= gitlab::trace_patch_limit;
  if (whole && !struggling_) return now;
  auto const gathered = *waiting_since_ + how_.gather;
  return last_patch_ ? std::max(gathered, *last_patch_ + how_.interval) : gathered;
}

// A server that does not take the log is not asked for more.
upload_policy::time_point upload_policy::touch_due() const {
  auto const accept = last_touch_.value_or(start_) + how_.accept_again;
  if (accept < how_.accept_by) return accept;
  if (struggling_) return time_point::max();
  auto const due = last_success_ ? *last_success_ + force_send() : start_ + first_interval_;
  return last_touch_ ? std::max(due, *last_touch_ + how_.interval) : due;
}

upload_policy::action upload_policy::next(time_point now, std::uint64_t size) {
  action out;
  auto const patch = patch_due(now, size);
  if (patch <= now) {
    out.what = action::kind::patch;
    out.offset = sent_;
    out.length = patch_length(size - sent_);
    return out;
  }
  auto const touch = touch_due();
  if (touch <= now) {
    out.what = action::kind::touch;
    return out;
  }
  out.until = std::min(patch, touch);
  if (size <= sent_) {
    out.size = sent_ + 1;
  } else {
    out.size = struggling_ ? UINT64_MAX : sent_ + gitlab::trace_patch_limit;
  }
  return out;
}

void upload_policy::patched(time_point now, gitlab::patch_answer const& answer,
                            std::size_t length) {
  using kind = gitlab::patch_answer::kind;
  last_patch_ = now;
  waiting_since_.reset();
  struggling_ = answer.what != kind::stored;
  if (answer.what == kind::stored) {
    sent_ += length;
    last_success_ = now;
  } else if (answer.what == kind::mismatch) {
    // More than we have stored is no place to go on from.
    sent_ = std::min(answer.offset, sent_ + length);
  }
  heed(answer.signals);
}

void upload_policy::touched(time_point now, gitlab::update_answer const& answer) {
  last_touch_ = now;
  if (answer.what == gitlab::update_answer::kind::succeeded) {
    last_success_ = now;
    accepted();
  }
  heed(answer.signals);
}

void upload_policy::heed(gitlab::job_signals const& signals) {
  if (!signals.trace_interval) return;
  how_.interval = std::min<duration>(*signals.trace_interval, longest_interval);
}

}  // namespace corunner
