#pragma once

#include "net/back_off.hpp"
#include "net/time_source.hpp"

#include <cstdint>
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
// - every request under way has a slot of `concurrent` set aside, so a job that cannot start is never
//   taken, and requests that the server may hold never exceed the free slots;
// - every entry that may take a job asks at least once per check interval, as far as round trips and
//   slots allow: with more entries than free slots some slots are kept for requests that are not
//   held, the most recently busy entries are held, and a held request is given up when the others
//   starve;
// - a slow, failing or busy server delays no other entry;
// - entries come, change and go at any time: what is under way or runs is counted until its end, also
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
  };

  // What a request for a job came to.
  enum class answer {
    job,         // a job: the request's slot is the job's now
    none,        // no job
    none_held,   // no job, after the server held the request (or says that its queue changed)
    failed,      // server away, error, conflict
    forbidden,   // the server does not know the token, or the URL is unusable
  };

  struct request {
    entry_id who;
    bool may_hold;
  };

  poll_plan(unsigned concurrent, duration check_interval, std::uint64_t seed);

  // Ids are given again once nothing of a removed entry is left.
  entry_id add(entry_settings settings, time_point now);
  // Other settings for an entry, of the same token: its rhythm, its troubles and what the server told
  // it stay as they are.
  void update(entry_id who, entry_settings settings);
  // No more requests for it. The one under way, if any, should be cancelled and must be reported all
  // the same (answered() when it brought something, else given_up()), as must the end of its jobs.
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
  // A held request that has to be given up, if any: others starve, or its slot is gone.
  std::optional<entry_id> give_up(time_point now) const;

  // `round_trip` feeds the estimate of how many slots requests that are not held need.
  void answered(entry_id who, answer what, bool knows_last_update, duration round_trip,
                time_point now);
  // The request was cancelled by us: it stood at the server until now, so it counts as asked.
  void given_up(entry_id who, time_point now);
  void job_ended(entry_id who, time_point now);

  unsigned running() const { return running_; }
  unsigned under_way() const { return under_way_; }
  unsigned held() const { return held_; }
  unsigned concurrent() const { return concurrent_; }
  // Entries that are there, without those removed.
  std::size_t size() const { return by_busy_.size(); }

 private:
  // What the entries of one token have together.
  struct group {
    unsigned jobs = 0;
    unsigned under_way = 0;
  };
  struct entry {
    std::shared_ptr<group> shared;
    unsigned limit = 0;
    unsigned jobs = 0;
    bool removed = false;
    bool strict = false;
    bool under_way = false;
    bool held = false;
    bool knows_last_update = false;
    bool early_repeat = true;  // may ask again at once after an answer that came suspiciously fast
    time_point due;
    time_point asked;
    time_point busy;
    net::back_off trouble;

    bool full() const { return limit > 0 && shared->jobs + shared->under_way >= limit; }
  };

  unsigned free_slots() const;
  unsigned hold_quota() const;
  duration pace() const;
  bool worth_holding(entry_id who, time_point now) const;
  std::optional<time_point> first_waiting() const;
  void schedule(entry_id who, time_point when);
  void end_request(entry_id who);
  void forget_if_done(entry_id who);
  std::shared_ptr<group> group_of(std::string const& token);

  unsigned concurrent_;
  duration check_interval_;
  std::uint64_t seed_;
  std::vector<entry> entries_;
  std::vector<entry_id> free_ids_;
  std::map<std::string, std::weak_ptr<group>> groups_;
  std::set<std::pair<time_point, entry_id>> queue_;       // entries that wait, by when they are due
  std::set<std::pair<time_point, entry_id>> by_busy_;     // all but the removed, most recently busy last
  unsigned running_ = 0;
  unsigned under_way_ = 0;
  unsigned held_ = 0;
  duration round_trip_ = std::chrono::milliseconds(20);
};

}  // namespace corunner
