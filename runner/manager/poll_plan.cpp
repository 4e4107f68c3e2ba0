#include "runner/manager/poll_plan.hpp"

#include <algorithm>

namespace corunner {

using namespace std::chrono_literals;

namespace {

// An answer faster than this was hardly held: asking again at once is allowed only once per
// interval.
constexpr auto surely_held = 1s;

}  // namespace

void poll_plan::figures::add_counts(figures const& other) {
  limit_exceeded += other.limit_exceeded;
  requests += other.requests;
  rounds_paused += other.rounds_paused;
  refusals += other.refusals;
}

poll_plan::figures& poll_plan::figures::operator+=(figures const& other) {
  add_counts(other);
  in_flight += other.in_flight;
  hard_limit += other.hard_limit;
  adapted_limit += other.adapted_limit;
  used_limit += other.used_limit;
  return *this;
}

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
              .requests = request_limit(settings.request_concurrency, settings.adapt_requests),
              .health = entry_health(settings.pause_after_refusals, seed_++, now),
              .under_way = {}};
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
  auto& one = entries_[who];
  one.limit = settings.limit;
  one.strict = settings.strict_check_interval;
  one.requests.configure(settings.request_concurrency, settings.adapt_requests);
  one.health.configure(settings.pause_after_refusals);
  schedule(who, one.due);
}

void poll_plan::change_token(std::string const& before, std::string const& after) {
  auto const found = groups_.find(before);
  if (found == groups_.end()) return;
  auto const shared = found->second;
  groups_.erase(found);
  groups_.insert_or_assign(after, shared);
}

void poll_plan::remove(entry_id who) {
  auto& one = entries_[who];
  queue_.erase({one.due, who});
  by_busy_.erase({one.busy, who});
  for (auto& each : one.under_way) leave(one, each);
  one.removed = true;
  forget_if_done(who);
}

void poll_plan::forget_if_done(entry_id who) {
  auto& one = entries_[who];
  if (!one.removed || !one.under_way.empty() || one.jobs > 0 || !one.shared) return;
  one.shared.reset();
  free_ids_.push_back(who);
}

void poll_plan::set_check_interval(duration length, time_point now) {
  bool const shorter = length < check_interval_;
  check_interval_ = length;
  if (!shorter) return;
  for (auto const& [busy, who] : by_busy_) {
    auto const& one = entries_[who];
    if (one.health.in_trouble()) continue;
    schedule(who, std::min(one.due, std::max(one.asked + pace(), now)));
  }
}

void poll_plan::forgive(time_point now) {
  for (auto const& [busy, who] : by_busy_) {
    auto& one = entries_[who];
    if (!one.health.in_trouble()) continue;
    one.health.forgive(now);
    one.paused.end(now, check_interval_);
    schedule(who, std::min(one.due, now));
  }
}

unsigned poll_plan::free_slots() const {
  auto const used = running_ + under_way_;
  return used < concurrent_ ? concurrent_ - used : 0;
}

// Whether a job of that entry may start. Requests under way do not count: the slots that were set
// aside for them may have gone.
bool poll_plan::has_slot(entry const& one) const {
  auto const started = running_ - waiting();
  return started < concurrent_ &&
         (one.limit == 0 || one.shared->jobs - one.shared->waiting < one.limit);
}

// With more entries than slots a poll may have to wait its turn: start a little early, so that it
// is sent within the interval all the same.
poll_plan::duration poll_plan::pace() const {
  return size() > concurrent_ ? check_interval_ * 9 / 10 : check_interval_;
}

// When the entry that waits longest was due; entries whose limit is reached do not wait.
std::optional<poll_plan::time_point> poll_plan::first_waiting(std::optional<entry_id> but) const {
  for (auto const& [due, who] : queue_) {
    if (who != but && !entries_[who].full()) return due;
  }
  return std::nullopt;
}

std::optional<poll_plan::request> poll_plan::next(time_point now) {
  if (free_slots() == 0) return std::nullopt;
  for (auto place = queue_.begin(); place != queue_.end() && place->first <= now;) {
    auto const who = (place++)->second;
    auto const& one = entries_[who];
    if (one.full()) continue;
    bool const hold = worth_holding(who, now);
    if (hold || one.held == 0) return start(who, hold, now);
    // Its held request would tell: one that is not held adds nothing.
    schedule(who, now + pace());
  }
  return std::nullopt;
}

poll_plan::request poll_plan::start(entry_id who, bool held, time_point now) {
  auto& one = entries_[who];
  request const what{who, held, one.health.ask(now), ++last_number_, now};
  one.paused.end(now, check_interval_);
  one.asked = now;
  ++one.asked_ever;
  one.under_way.push_back({what, held ? standing::kind::held : standing::kind::plain});
  ++under_way_;
  ++one.shared->under_way;
  if (held) {
    ++held_;
    if (one.held++ == 0) ++holding_;
  } else {
    plain_.emplace(what.number, what);
  }
  schedule(who, one.eager ? now : now + pace());
  if (!one.may_ask_more() && !one.full()) one.exceeded.begin(now + check_interval_);
  return what;
}

poll_plan::time_point poll_plan::wake_at(time_point now) const {
  auto const waiting = first_waiting();
  if (!waiting) return time_point::max();
  if (free_slots() > 0) return *waiting;
  if (leaving_ > 0) return time_point::max();
  // It may starve behind held requests, or behind one that nobody answers: look again when it has
  // waited too long.
  auto when = time_point::max();
  if (too_many_held() > 0) when = *waiting + check_interval_ / 2;
  for (auto const& [number, what] : plain_) {
    auto const other = first_waiting(what.who);
    if (!other) continue;
    when = std::min(when, std::max(what.asked + answer_within, *other));
    break;
  }
  return std::max(when, now);
}

void poll_plan::schedule(entry_id who, time_point when) {
  auto& one = entries_[who];
  if (one.removed) return;
  queue_.erase({one.due, who});
  one.due = when;
  if (one.may_ask_more()) queue_.emplace(when, who);
}

void poll_plan::end_request(request const& which, time_point now) {
  auto& one = entries_[which.who];
  auto const at = std::ranges::find(one.under_way, which.number,
                                    [](standing const& each) { return each.what.number; });
  leave(one, *at);
  if (at->how == standing::kind::leaving) --leaving_;
  one.under_way.erase(at);
  --under_way_;
  --one.shared->under_way;
  one.exceeded.end(now, check_interval_);
}

poll_plan::consequence poll_plan::answered(request const& which, reply how, time_point now) {
  using outcome = request_limit::outcome;
  auto& one = entries_[which.who];
  bool const job = how.what == answer::job;
  end_request(which, now);
  one.knows_last_update = how.knows_last_update;
  one.requests.answered(how.retried ? outcome::pushed_back : job ? outcome::job : outcome::nothing);
  if (one.removed && !job) {
    forget_if_done(which.who);
    return {};
  }
  if (!which.may_hold && how.what != answer::failed) {
    round_trip_ = (round_trip_ * 7 + (now - which.asked)) / 8;
  }
  if (job) return {.waits = !took_job(which, now)};
  return came_to_nothing(which, how.what, now);
}

poll_plan::consequence poll_plan::came_to_nothing(request const& which, answer what,
                                                  time_point now) {
  auto& one = entries_[which.who];
  one.eager = false;
  consequence out;
  auto when = std::max(one.asked + pace(), now);
  if (what == answer::forbidden) {
    out.paused = one.health.refused(which.asked, now);
    if (one.health.not_before() > when) one.paused.begin(when);
  } else if (what == answer::failed) {
    one.health.failed(which.asked, now);
  } else {
    one.health.good(now);
    bool const at_once = what == answer::none_held && !one.strict &&
                         (now - which.asked >= surely_held || one.early_repeat);
    if (now - which.asked < surely_held) one.early_repeat = !at_once;
    if (at_once) when = now;
  }
  schedule(which.who, std::max(when, one.health.not_before()));
  return out;
}

bool poll_plan::took_job(request const& which, time_point now) {
  auto& one = entries_[which.who];
  bool const starts = has_slot(one);
  ++running_;
  ++one.shared->jobs;
  ++one.jobs;
  if (!starts) {
    ++one.shared->waiting;
    waiting_.push_back(which);
  }
  if (one.removed) return starts;
  one.health.good(now);
  by_busy_.erase({one.busy, which.who});
  one.busy = now;
  by_busy_.emplace(now, which.who);
  one.early_repeat = true;
  one.eager = !one.strict;
  schedule(which.who, one.strict ? std::max(one.asked + pace(), now) : now);
  return starts;
}

void poll_plan::given_up(request const& which, time_point now) {
  auto& one = entries_[which.who];
  end_request(which, now);
  one.eager = false;
  auto when = now + check_interval_;
  if (!which.may_hold) {
    one.health.failed(which.asked, now);
    when = std::max(when, one.health.not_before());
  }
  schedule(which.who, when);
  forget_if_done(which.who);
}

std::optional<poll_plan::request> poll_plan::start_waiting() {
  auto const at = std::ranges::find_if(
      waiting_, [this](request const& each) { return has_slot(entries_[each.who]); });
  if (at == waiting_.end()) return std::nullopt;
  auto const out = *at;
  --entries_[out.who].shared->waiting;
  waiting_.erase(at);
  return out;
}

void poll_plan::job_ended(request const& which, time_point now) {
  auto& one = entries_[which.who];
  if (std::erase_if(waiting_, [&](auto const& each) { return each.number == which.number; }) > 0) {
    --one.shared->waiting;
  }
  --running_;
  --one.shared->jobs;
  --one.jobs;
  if (one.removed) return forget_if_done(which.who);
  // A slot became free: the entry whose job it was asks at once, unless it is in trouble.
  if (!one.strict && !one.health.in_trouble()) schedule(which.who, std::min(one.due, now));
}

poll_plan::figures poll_plan::figures_of(entry_id who, time_point now) const {
  auto const& one = entries_[who];
  figures out;
  out.in_flight = static_cast<unsigned>(one.under_way.size());
  if (one.asked_ever > 0) {
    out.hard_limit = one.requests.hard();
    out.used_limit = one.requests.used();
    out.adapted_limit = one.requests.adapted();
  }
  out.limit_exceeded = one.exceeded.count(now, check_interval_);
  out.requests = one.asked_ever;
  out.rounds_paused = one.paused.count(now, check_interval_);
  out.refusals = one.health.refusals_ever();
  return out;
}

}  // namespace corunner
