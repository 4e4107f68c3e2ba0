#pragma once

#include "runner/manager/poll_plan.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace corunner::test {

// When the plans of the tests begin.
constexpr poll_plan::time_point start{};

inline poll_plan::entry_settings entry_of(std::string token, unsigned limit = 0) {
  return {.token = std::move(token), .limit = limit};
}

// A plan that remembers what is under way, so that a test may name an entry where it has one
// request, or one job, or where any of them will do: the oldest is meant.
class watched_plan : public poll_plan {
 public:
  using poll_plan::job_ended;
  using poll_plan::poll_plan;

  std::optional<request> next(time_point now) {
    auto const out = poll_plan::next(now);
    if (out) asked_.push_back(*out);
    return out;
  }
  consequence answered(request const& which, reply how, time_point now) {
    std::erase_if(asked_, [&](request const& each) { return each.number == which.number; });
    if (how.what == answer::job) jobs_.push_back(which);
    return poll_plan::answered(which, how, now);
  }
  consequence answered(entry_id who, answer what, bool knows_last_update, time_point now) {
    return answered(take(asked_, who), {.what = what, .knows_last_update = knows_last_update}, now);
  }
  void given_up(request const& which, time_point now) {
    std::erase_if(asked_, [&](request const& each) { return each.number == which.number; });
    poll_plan::given_up(which, now);
  }
  void given_up(entry_id who, time_point now) { given_up(take(asked_, who), now); }
  void job_ended(entry_id who, time_point now) { job_ended(take(jobs_, who), now); }

 private:
  static request take(std::vector<request>& from, entry_id who) {
    auto const at = std::ranges::find(from, who, &request::who);
    auto const out = at == from.end() ? throw std::logic_error("nothing is under way") : *at;
    from.erase(at);
    return out;
  }

  std::vector<request> asked_;
  std::vector<request> jobs_;
};

}  // namespace corunner::test
