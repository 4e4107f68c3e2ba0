#include "runner/manager/poll_plan.hpp"

#include <algorithm>
#include <cmath>

namespace corunner {

using namespace std::chrono_literals;

namespace {

// After a failure: a second, then longer, at most a minute (protocol.md 7.5 pauses an hour; we don't).
constexpr net::back_off::options after_trouble{1s, 60s, 2.0, true};
// An answer faster than this was hardly held: asking again at once is allowed only once per interval.
constexpr auto surely_held = 1s;

}  // namespace

poll_plan::poll_plan(unsigned concurrent, duration check_interval, std::uint64_t seed)
    : concurrent_(concurrent), check_interval_(check_interval), seed_(seed) {}

std::shared_ptr<poll_plan::group> poll_plan::group_of(std::string const& token) {
  auto& known = groups_[token];
  auto shared = known.lock();
  if (shared) return shared;
  // A new token: those that nobody has any more can go.
  shared = std::make_shared<group>();
  known = shared;
  std::erase_if(groups_, [](auto const& each) { return each.second.expired(); });
  return shared;
}

poll_plan::entry_id poll_plan::add(entry_settings settings, time_point now) {
  entry fresh{.shared = group_of(settings.token),
              .limit = settings.limit,
              .strict = settings.strict_check_interval,
              .due = now,
              .asked = now,
              .busy = time_point::min(),
              .trouble = net::back_off(after_trouble, seed_++)};
  entry_id who = entries_.size();
  if (free_ids_.empty()) {
    entries_.push_back(std::move(fresh));
  } else {
    who = free_ids_.back();
    free_ids_.pop_back();
    entries_[who] = std::move(fresh);
  }
  by_busy_.emplace(time_point::min(), who);
  queue_.emplace(now, who);
  return who;
}

void poll_plan::update(entry_id who, entry_settings settings) {
  entries_[who].limit = settings.limit;
  entries_[who].strict = settings.strict_check_interval;
}

void poll_plan::remove(entry_id who) {
  auto& one = entries_[who];
  queue_.erase({one.due, who});
  by_busy_.erase({one.busy, who});
  one.removed = true;
  forget_if_done(who);
}

void poll_plan::forget_if_done(entry_id who) {
  auto& one = entries_[who];
  if (!one.removed || one.under_way || one.jobs > 0 || !one.shared) return;
  one.shared.reset();
  free_ids_.push_back(who);
}

void poll_plan::set_check_interval(duration length, time_point now) {
  bool const shorter = length < check_interval_;
  check_interval_ = length;
  if (!shorter) return;
  for (auto const& [busy, who] : by_busy_) {
    auto const& one = entries_[who];
    if (one.under_way || one.trouble.attempts() > 0) continue;
    schedule(who, std::min(one.due, std::max(one.asked + pace(), now)));
  }
}

void poll_plan::forgive(time_point now) {
  for (auto const& [busy, who] : by_busy_) {
    auto& one = entries_[who];
    if (one.trouble.attempts() == 0) continue;
    one.trouble.reset();
    schedule(who, std::min(one.due, now));
  }
}

unsigned poll_plan::free_slots() const {
  auto const used = running_ + under_way_;
  return used < concurrent_ ? concurrent_ - used : 0;
}

// How many requests the server may hold: all when every entry has a slot to itself, else what is left
// after the slots that the other entries need to be asked in time.
unsigned poll_plan::hold_quota() const {
  unsigned const room = running_ < concurrent_ ? concurrent_ - running_ : 0;
  if (size() <= room) return room;
  auto const per_second = static_cast<double>(size()) /
                          std::chrono::duration<double>(check_interval_).count();
  auto const busy = per_second * std::chrono::duration<double>(round_trip_).count() * 1.5;
  auto const needed = std::clamp(static_cast<unsigned>(std::ceil(busy)), 1u, std::max(room, 1u));
  return room > needed ? room - needed : 0;
}

// With more entries than slots a poll may have to wait its turn: start a little early, so that it is
// sent within the interval all the same.
poll_plan::duration poll_plan::pace() const {
  return size() > concurrent_ ? check_interval_ * 9 / 10 : check_interval_;
}

bool poll_plan::worth_holding(entry_id who, time_point now) const {
  auto const quota = hold_quota();
  if (!entries_[who].knows_last_update || held_ >= quota) return false;
  if (size() <= quota) return true;
  if (auto const waiting = first_waiting(); waiting && *waiting + check_interval_ / 8 < now) {
    return false;  // others are late already: their turn first
  }
  auto rank = quota;
  for (auto one = by_busy_.rbegin(); one != by_busy_.rend() && rank > 0; ++one, --rank) {
    if (one->second == who) return true;
  }
  return false;
}

// When the entry that waits longest was due; entries whose limit is reached do not wait.
std::optional<poll_plan::time_point> poll_plan::first_waiting() const {
  for (auto const& [due, who] : queue_) {
    if (!entries_[who].full()) return due;
  }
  return std::nullopt;
}

std::optional<poll_plan::request> poll_plan::next(time_point now) {
  if (free_slots() == 0) return std::nullopt;
  for (auto place = queue_.begin(); place != queue_.end() && place->first <= now; ++place) {
    auto const who = place->second;
    auto& one = entries_[who];
    if (one.full()) continue;
    queue_.erase(place);
    one.under_way = true;
    one.asked = now;
    one.held = worth_holding(who, now);
    ++under_way_;
    ++one.shared->under_way;
    if (one.held) ++held_;
    return request{who, one.held};
  }
  return std::nullopt;
}

poll_plan::time_point poll_plan::wake_at(time_point now) const {
  auto const waiting = first_waiting();
  if (!waiting) return time_point::max();
  if (free_slots() > 0) return *waiting;
  // It may starve behind held requests: look again when it has waited too long.
  if (held_ <= hold_quota()) return time_point::max();
  return std::max(*waiting + check_interval_ / 2, now);
}

std::optional<poll_plan::entry_id> poll_plan::give_up(time_point now) const {
  if (free_slots() > 0 || held_ <= hold_quota()) return std::nullopt;
  if (running_ + under_way_ <= concurrent_) {
    auto const waiting = first_waiting();
    if (!waiting || *waiting + check_interval_ / 2 > now) return std::nullopt;
  }
  for (auto const& [busy, who] : by_busy_) {
    if (entries_[who].under_way && entries_[who].held) return who;
  }
  return std::nullopt;
}

void poll_plan::schedule(entry_id who, time_point when) {
  auto& one = entries_[who];
  if (one.under_way || one.removed) return;
  queue_.erase({one.due, who});
  one.due = when;
  queue_.emplace(when, who);
}

void poll_plan::end_request(entry_id who) {
  auto& one = entries_[who];
  one.under_way = false;
  --under_way_;
  --one.shared->under_way;
  if (std::exchange(one.held, false)) --held_;
}

void poll_plan::answered(entry_id who, answer what, bool knows_last_update, duration round_trip,
                         time_point now) {
  auto& one = entries_[who];
  bool const was_held = one.held;
  end_request(who);
  one.knows_last_update = knows_last_update;
  if (one.removed && what != answer::job) return forget_if_done(who);
  if (!was_held && what != answer::failed) round_trip_ = (round_trip_ * 7 + round_trip) / 8;
  if (what != answer::failed && what != answer::forbidden) one.trouble.reset();
  auto const usual = std::max(one.asked + pace(), now);
  switch (what) {
    case answer::job:
      ++running_;
      ++one.shared->jobs;
      ++one.jobs;
      if (one.removed) return;
      by_busy_.erase({one.busy, who});
      one.busy = now;
      by_busy_.emplace(now, who);
      one.early_repeat = true;
      return schedule(who, one.strict ? usual : now);
    case answer::none_held:
      if (one.strict) return schedule(who, usual);
      if (round_trip >= surely_held || std::exchange(one.early_repeat, false)) {
        return schedule(who, now);
      }
      one.early_repeat = true;
      return schedule(who, usual);
    case answer::none:
      one.early_repeat = true;
      return schedule(who, usual);
    case answer::failed:
    case answer::forbidden:
      return schedule(who, std::max(usual, now + one.trouble.next()));
  }
}

void poll_plan::given_up(entry_id who, time_point now) {
  end_request(who);
  schedule(who, now + check_interval_);
  forget_if_done(who);
}

void poll_plan::job_ended(entry_id who, time_point now) {
  auto& one = entries_[who];
  --running_;
  --one.shared->jobs;
  --one.jobs;
  if (one.removed) return forget_if_done(who);
  // A slot became free: the entry whose job it was asks at once, unless it is in trouble.
  if (!one.strict && one.trouble.attempts() == 0) schedule(who, std::min(one.due, now));
}

}  // namespace corunner
