#pragma once

namespace corunner {

// How many requests for jobs one runner entry may have in flight: `request_concurrency`, or,
// adapted to what the requests bring, a part of it.
//
// The adapted limit is a fraction, 0 before the first answer: times 1.1 after a job, times 0.95
// after an answer without one, times 0.5 when the server asked for a pause, always between 1 and
// the hard limit; what counts is its ceiling. So it takes the second job in a row for two requests
// at once, the ninth for three. Wire: protocol.md 7.4.
class request_limit {
 public:
  enum class outcome { job, nothing, pushed_back };

  explicit request_limit(unsigned hard = 1, bool adaptive = true) { configure(hard, adaptive); }

  // Other settings; what was learnt stays.
  void configure(unsigned hard, bool adaptive);
  void answered(outcome what);

  unsigned hard() const { return hard_; }
  // 0 before the first answer, and always when nothing is adapted.
  double adapted() const { return adapted_; }
  unsigned used() const;

 private:
  unsigned hard_ = 1;
  bool adaptive_ = true;
  double adapted_ = 0;
};

}  // namespace corunner
