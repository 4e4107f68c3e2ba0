#pragma once

#include "net/time_source.hpp"
#include "runner/manager/entry_health.hpp"
#include "runner/manager/missed_rounds.hpp"
#include "runner/manager/request_limit.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace corunner {

// Decides which runner entry asks its server for a job next, and whether the server may hold that
// request. Pure logic: no I/O, time is an argument.
//
// Invariants:
// - every request under way has a slot of `concurrent` set aside, so a job that cannot start is
// never
//   asked for, and requests that the server may hold never exceed the free slots;
// - a job that comes all the same, because a slot was taken away meanwhile, waits and gets the next
//   slot, before any request does;
// - an entry has no more requests under way than its request_limit allows, and more than one of
// them
//   held only as long as every other entry could hold one, too;
// - every entry that may take a job asks at least once per check interval, as far as round trips
// and
//   slots allow: with more entries than free slots some slots are kept for requests that are not
//   held, the most recently busy entries are held, and a held request is given up when the others
//   starve;
// - a slow, failing or busy server delays no other entry, but for this: where no slot is free, a
// request
//   that has had no answer for `answer_within` is given up when another entry waits, and counts as
//   failed (should the server have handed out a job with it, the job is queued again there);
// - entries come, change and go at any time: what is under way or runs is counted until its end,
// also
//   for an entry that has gone, and no job is ended because `concurrent` or a limit was lowered.
// Wire: protocol.md 3.3 (long polling), 7.2 to 7.5 (what the keys mean).
class poll_plan {
 public:
  using time_point = net::time_source::time_point;
  using duration = net::time_source::duration;
  using entry_id = std::size_t;

  struct entry_settings {
    std::string token;               // a limit counts the jobs of all entries of one token
    unsigned limit = 0;              // jobs at once; 0: no limit of its own
    bool strict_check_interval = false;
    unsigned request_concurrency = 1;
    bool adapt_requests = true;      // FF_USE_ADAPTIVE_REQUEST_CONCURRENCY
    std::optional<entry_health::pause> pause_after_refusals;
  };

  static constexpr duration answer_within = std::chrono::seconds(10);

  // What a request for a job came to.
  enum class answer {
    job,         // a job: the request's slot is the job's now
    none,        // no job
    none_held,   // no job, after the server held the request (or says that its queue changed)
    failed,      // server away, error, conflict
    forbidden,   // the server does not know the token, or the entry cannot be used
  };
  struct reply {
    answer what;
    bool knows_last_update = false;  // the server may hold the next request
    bool retried = false;            // the server asked for a pause meanwhile
  };

  // Also names the job that it brought.
  struct request {
    entry_id who = 0;
    bool may_hold = false;
    bool forced = false;       // ends the pause of an entry that was refused
    std::uint64_t number = 0;  // never given twice
    time_point asked;
  };

  // What a reply led to besides other requests.
  struct consequence {
    bool waits = false;   // the job has no slot: start_waiting() will name it
    bool paused = false;  // the entry has been refused too often
  };

  // For metrics (observability.md): since the entry came.
  struct figures {
    unsigned in_flight = 0;
    unsigned hard_limit = 0;             // these three: 0 before the first request
    double adapted_limit = 0;
    unsigned used_limit = 0;
    std::uint64_t limit_exceeded = 0;    // rounds without a request because as many were under way
    std::uint64_t requests = 0;          // "feeds"
    std::uint64_t rounds_paused = 0;     // "feed failures": rounds without a request after refusals
    std::uint64_t refusals = 0;          // "health check failures"

    // Of entries that are told as one.
    figures& operator+=(figures const& other);
    // Only what was counted: what remains of an entry that has gone.
    void add_counts(figures const& other);
  };

  poll_plan(unsigned concurrent, duration check_interval, std::uint64_t seed);

  // Ids are given again once nothing of a removed entry is left.
  entry_id add(entry_settings settings, time_point now);
  // Other settings for an entry, of the same token: its rhythm, its troubles and what the server
  // told it stay as they are.
  void update(entry_id who, entry_settings settings);
  // What was counted for one token counts for another from now on.
  void change_token(std::string const& before, std::string const& after);
  // No more requests for it. Those under way should be cancelled and must be reported all the same
  // (answered() when one brought something, else given_up()), as must the end of its jobs.
  void remove(entry_id who);
  // Fewer slots than are taken: nothing new until enough have become free; give_up() names the held
  // requests that are too many.
  void set_concurrent(unsigned slots) { concurrent_ = slots; }
  // A shorter interval holds at once, also for an entry that waits for the end of a longer one.
  void set_check_interval(duration length, time_point now);
  // Forgets the pauses after failures: every entry that waits for the end of one asks now.
  void forgive(time_point now);

  // The request to send now, if any; it counts as under way until answered() or given_up().
  std::optional<request> next(time_point now);
  // When next() may have something that it has not now; time_point::max() when only an event can.
  time_point wake_at(time_point now) const;
  // A request that has to be given up, if any: others starve, or its slot is gone. Each is named
  // once.
  std::optional<request> give_up(time_point now);

  consequence answered(request const& which, reply how, time_point now);
  // The request was cancelled by us. One that was held stood at the server until now, so it counts
  // as asked; any other has failed.
  void given_up(request const& which, time_point now);
  // The next job that waits and has a slot now, by its request; each is named once.
  std::optional<request> start_waiting();
  // Also of a job that waited and never started.
  void job_ended(request const& which, time_point now);

  unsigned running() const { return running_; }  // with those that wait
  unsigned waiting() const { return static_cast<unsigned>(waiting_.size()); }
  unsigned under_way() const { return under_way_; }
  unsigned held() const { return held_; }  // without those that are being given up
  unsigned concurrent() const { return concurrent_; }
  // Entries that are there, without those removed.
  std::size_t size() const { return by_busy_.size(); }
  entry_health const& health(entry_id who) const { return entries_[who].health; }
  figures figures_of(entry_id who, time_point now) const;

 private:
  // What the entries of one token have together.
  struct group {
    unsigned jobs = 0;     // with those that wait
    unsigned waiting = 0;  // for a slot
    unsigned under_way = 0;
  };
  // A request under way.
  struct standing {
    enum class kind { plain, held, leaving };  // leaving: is being given up
    request what;
    kind how = kind::plain;
  };
  struct entry {
    std::shared_ptr<group> shared;
    unsigned limit = 0;
    unsigned jobs = 0;
    unsigned held = 0;
    bool removed = false;
    bool strict = false;
    bool knows_last_update = false;
    bool early_repeat = true;  // may ask again at once after an answer that came suspiciously fast
    bool eager = false;        // the last request brought a job: ask as often as the limit allows
    time_point due;
    time_point asked;
    time_point busy;
    request_limit requests;
    entry_health health;
    std::vector<standing> under_way;
    missed_rounds exceeded;
    missed_rounds paused;
    std::uint64_t asked_ever = 0;

    bool full() const { return limit > 0 && shared->jobs + shared->under_way >= limit; }
    bool may_ask_more() const { return !removed && under_way.size() < requests.used(); }
  };

  unsigned free_slots() const;
  unsigned hold_quota() const;
  unsigned too_many_held() const;
  duration pace() const;
  bool worth_holding(entry_id who, time_point now) const;
  bool has_slot(entry const& one) const;
  std::optional<time_point> first_waiting(std::optional<entry_id> but = {}) const;
  std::optional<request> give_up_held(time_point now);
  std::optional<request> give_up_unanswered(time_point now);
  request start(entry_id who, bool held, time_point now);
  void schedule(entry_id who, time_point when);
  void leave(entry& one, standing& which);
  void end_request(request const& which, time_point now);
  // Whether the job has a slot.
  bool took_job(request const& which, time_point now);
  consequence came_to_nothing(request const& which, answer what, time_point now);
  void forget_if_done(entry_id who);
  std::shared_ptr<group> group_of(std::string const& token);

  unsigned concurrent_;
  duration check_interval_;
  std::uint64_t seed_;
  std::vector<entry> entries_;
  std::vector<entry_id> free_ids_;
  std::map<std::string, std::weak_ptr<group>> groups_;
  std::set<std::pair<time_point, entry_id>> queue_;    // entries that may ask, by when they are due
  std::set<std::pair<time_point, entry_id>>
      by_busy_;  // all but the removed, most recently busy last
  std::deque<request> waiting_;                        // jobs without a slot, the first one first
  std::uint64_t last_number_ = 0;
  unsigned running_ = 0;
  unsigned under_way_ = 0;
  unsigned held_ = 0;
  unsigned holding_ = 0;  // entries with a held request
  unsigned leaving_ = 0;  // requests that are being given up
  std::map<std::uint64_t, request> plain_;  // those that are neither, the oldest first
  duration round_trip_ = std::chrono::milliseconds(20);
};

}  // namespace corunner
