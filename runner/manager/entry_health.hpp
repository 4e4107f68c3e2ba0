#pragma once

#include "net/back_off.hpp"
#include "net/time_source.hpp"

#include <cstdint>
#include <optional>

namespace corunner {

// When a runner entry may ask again after requests that came to nothing. Pure logic.
//
// A server that is away is asked after a second, then less and less often, at most once a minute,
// until an answer comes. A server that does not want us (403, an unusable URL, an executor that we
// do not have) is asked in the same way unless the entry has `unhealthy_requests_limit` or
// `unhealthy_interval`: then so many refusals in a row pause it until the interval has passed since
// the last good answer. Wire: protocol.md 7.5.
class entry_health {
 public:
  using time_point = net::time_source::time_point;
  using duration = net::time_source::duration;

  // What the two keys ask for.
  struct pause {
    unsigned refusals = 3;  // in a row
    duration length = std::chrono::hours(1);
    bool operator==(pause const&) const = default;
  };

  // `first_seen` counts as a good answer.
  entry_health(std::optional<pause> after_refusals, std::uint64_t seed, time_point first_seen);

  // Other settings; failures that were counted stay.
  void configure(std::optional<pause> after_refusals) { pause_ = after_refusals; }

  void good(time_point now);
  // An answer that another request, or the same one later, may change; `asked` is when its request
  // was sent. Of requests that were under way together only the first failure counts.
  void failed(time_point asked, time_point now);
  // An answer that only a person can change; true when the entry is paused from now on.
  bool refused(time_point asked, time_point now);
  // A request is sent now; true when that ends a pause.
  bool ask(time_point now);
  // Forgets all failures.
  void forgive(time_point now);

  // No request before this.
  time_point not_before() const { return not_before_; }
  bool in_trouble() const { return back_off_.attempts() > 0 || refusals_ > 0; }
  bool paused() const { return pause_ && refusals_ >= pause_->refusals; }
  unsigned refusals() const { return refusals_; }
  std::optional<pause> const& after_refusals() const { return pause_; }
  std::uint64_t refusals_ever() const { return refusals_ever_; }

 private:
  void wait_longer(time_point asked, time_point now);

  std::optional<pause> pause_;
  net::back_off back_off_;
  time_point last_good_;
  time_point last_failure_ = time_point::min();
  time_point not_before_ = time_point::min();
  unsigned refusals_ = 0;
  std::uint64_t refusals_ever_ = 0;
};

}  // namespace corunner
