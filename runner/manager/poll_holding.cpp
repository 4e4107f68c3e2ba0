// Which requests the server may hold, and which requests are given up: the part of poll_plan that
// shares the free slots among the entries.

#include "runner/manager/poll_plan.hpp"

#include <algorithm>
#include <cmath>

namespace corunner {

// How many requests the server may hold: all when every entry has a slot to itself, else what is
// left after the slots that the other entries need to be asked in time.
unsigned poll_plan::hold_quota() const {
  unsigned const room = running_ < concurrent_ ? concurrent_ - running_ : 0;
  if (size() <= room) return room;
  auto const per_second = static_cast<double>(size()) /
                          std::chrono::duration<double>(check_interval_).count();
  auto const busy = per_second * std::chrono::duration<double>(round_trip_).count() * 1.5;
  auto const needed = std::clamp(static_cast<unsigned>(std::ceil(busy)), 1u, std::max(room, 1u));
  return room > needed ? room - needed : 0;
}

bool poll_plan::worth_holding(entry_id who, time_point now) const {
  auto const quota = hold_quota();
  auto const& one = entries_[who];
  if (!one.knows_last_update || held_ >= quota) return false;
  // A second one only while every entry without has a place left.
  if (one.held > 0) return held_ + (size() - holding_) < quota;
  if (size() <= quota) return true;
  if (auto const waiting = first_waiting(); waiting && *waiting + check_interval_ / 8 < now) {
    return false;  // others are late already: their turn first
  }
  auto rank = quota;
  for (auto each = by_busy_.rbegin(); each != by_busy_.rend() && rank > 0; ++each, --rank) {
    if (each->second == who) return true;
  }
  return false;
}

// Held requests that may be given up when others starve: those over the quota, and all but one of
// each entry.
unsigned poll_plan::too_many_held() const {
  auto const quota = hold_quota();
  return std::max(held_ > quota ? held_ - quota : 0, held_ - holding_);
}

// The request is not held any more, or not waited for: its slot will be free soon.
void poll_plan::leave(entry& one, standing& which) {
  if (which.how == standing::kind::leaving) return;
  if (which.how == standing::kind::held) {
    --held_;
    if (--one.held == 0) --holding_;
  } else {
    plain_.erase(which.what.number);
  }
  which.how = standing::kind::leaving;
  ++leaving_;
}

std::optional<poll_plan::request> poll_plan::give_up(time_point now) {
  if (running_ + under_way_ - leaving_ < concurrent_) return std::nullopt;
  auto const held = give_up_held(now);
  return held ? held : give_up_unanswered(now);
}

std::optional<poll_plan::request> poll_plan::give_up_unanswered(time_point now) {
  for (auto const& [number, what] : plain_) {
    if (what.asked + answer_within > now) break;
    auto const waiting = first_waiting(what.who);
    if (!waiting || *waiting > now) continue;
    auto& one = entries_[what.who];
    auto const out = what;
    leave(one, *std::ranges::find(one.under_way, number, [](standing const& each) {
      return each.what.number;
    }));
    return out;
  }
  return std::nullopt;
}

std::optional<poll_plan::request> poll_plan::give_up_held(time_point now) {
  if (too_many_held() == 0) return std::nullopt;
  if (running_ + under_way_ - leaving_ == concurrent_) {
    auto const waiting = first_waiting();
    if (!waiting || *waiting + check_interval_ / 2 > now) return std::nullopt;
  }
  auto const least = held_ > holding_ ? 2u : 1u;
  auto const at = std::ranges::find_if(
      by_busy_, [&](auto const& each) { return entries_[each.second].held >= least; });
  auto& one = entries_[at->second];
  auto const which = std::ranges::find(one.under_way, standing::kind::held, &standing::how);
  leave(one, *which);
  return which->what;
}

}  // namespace corunner
