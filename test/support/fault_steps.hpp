#pragma once

#include "net/dialer.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace corunner::test {

// Counts the steps (dials, reads, writes, shutdowns) of everything it wraps and makes one fail.
class fault_steps {
 public:
  // The step number `fail_at`, from 0, fails with `why`; its connection is closed.
  fault_steps(std::size_t fail_at, error_code why) : fail_at_(fail_at), why_(why) {}

  // Takes one step: the error that it must fail with, if it is the one.
  error_code step();
  bool fired() const { return count_ > fail_at_; }

 private:
  std::size_t fail_at_;
  error_code why_;
  std::size_t count_ = 0;
};

// Passes everything on to `lower`, except for the step that is to fail. `faults` must outlive it.
std::unique_ptr<net::stream> make_failing_stream(std::unique_ptr<net::stream> lower,
                                                 fault_steps& faults);

class failing_dialer final : public net::dialer {
 public:
  failing_dialer(net::dialer& lower, fault_steps& faults) : lower_(lower), faults_(faults) {}
  awaitable<result<std::unique_ptr<net::stream>>> dial(net::dial_target const& target) override;

 private:
  net::dialer& lower_;
  fault_steps& faults_;
};

// Runs `scenario` again and again, failing its first step, then its second, and so on with `why`,
// until it needs fewer steps than that. Returns how many steps it has.
std::size_t fail_each_step(error_code why, std::function<void(fault_steps&)> const& scenario);

}  // namespace corunner::test
