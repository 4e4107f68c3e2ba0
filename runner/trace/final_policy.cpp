#include "runner/trace/final_policy.hpp"

#include <algorithm>
#include <utility>

namespace corunner {

namespace {

using namespace std::chrono_literals;

constexpr auto server_patience = 1h;
constexpr auto longest_pause = 60min;            // with the user's limit
constexpr auto longest_pause_unlimited = 60s;
constexpr unsigned most_refusals = 3;            // 4xx to a patch
constexpr unsigned most_mismatches = 10;         // 416 without an end
constexpr unsigned most_resends = 5;             // 412; more count as failed tries

}  // namespace

final_policy::final_policy(std::uint64_t sent, std::uint64_t size, unsigned tries, time_point now)
    : sent_(std::min(sent, size)), size_(size), tries_(tries), deadline_(now + server_patience),
      last_chance_(tries == 1) {}

final_policy::action final_policy::next() {
  action out;
  if (over_) {
    out.what = result_;
  } else if (pause_ > duration::zero()) {
    out.what = action::kind::wait;
    out.pause = std::exchange(pause_, duration::zero());
  } else if (!log_ended_ && sent_ < size_) {
    out.what = action::kind::patch;
    out.offset = sent_;
    out.length = static_cast<std::size_t>(
        std::min<std::uint64_t>(size_ - sent_, gitlab::trace_patch_limit));
  } else {
    out.what = action::kind::update;
  }
  return out;
}

void final_policy::patched(time_point now, gitlab::patch_answer const& answer,
                           std::size_t length) {
  using enum gitlab::patch_answer::kind;
  switch (answer.what) {
    case stored: sent_ += length; break;
    case mismatch:
      sent_ = std::min(answer.offset, size_);
      if (++mismatches_ > most_mismatches) log_ended_ = true;
      pause_for_server(now);
      break;
    case not_found:
    case aborted:
    case refused:
      ++patch_refusals_;
      log_ended_ = patch_refusals_ >= most_refusals || (answer.what == aborted && answer.certain);
      if (!log_ended_) patch_failed(now);
      break;
    case failed: patch_failed(now); break;
  }
}

void final_policy::updated(time_point now, gitlab::update_answer const& answer) {
  using enum gitlab::update_answer::kind;
  if (answer.signals.trace_interval) {
    interval_ = std::min<duration>(*answer.signals.trace_interval, longest_pause_unlimited);
  }
  switch (answer.what) {
    case succeeded: return end(action::kind::delivered);
    case aborted: return end(action::kind::refused);
    case accepted: return pause_for_server(now);
    case log_wrong:
      sent_ = 0;
      if (++resends_ > most_resends) return update_failed(now);
      return pause_for_server(now);
    case failed: return update_failed(now);
  }
}

// The server is at work and only wants time, though not for ever.
void final_policy::pause_for_server(time_point now) {
  if (now >= deadline_) return end(action::kind::lost);
  pause_ = interval_;
}

void final_policy::update_failed(time_point now) {
  if (last_chance_) return end(action::kind::lost);
  plan_next_try(now);
}

void final_policy::patch_failed(time_point now) {
  if (last_chance_) {
    log_ended_ = true;
  } else {
    plan_next_try(now);
  }
}

void final_policy::plan_next_try(time_point now) {
  ++failures_;
  auto const longest = tries_ > 0 ? duration(longest_pause) : duration(longest_pause_unlimited);
  auto const doublings = std::min(failures_ - 1, 20u);
  pause_ = std::min<duration>(std::chrono::seconds(1ll << doublings), longest);
  last_chance_ = tries_ > 0 ? failures_ + 1 >= tries_ : now + pause_ >= deadline_;
}

void final_policy::end(action::kind how) {
  over_ = true;
  result_ = how;
}

}  // namespace corunner
