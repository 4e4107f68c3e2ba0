#pragma once

#include "exec/archive/archive_source.hpp"

#include <string>

namespace corunner::exec {

// An archive_source that is written as "make some more": produce() appends to `out_`.
class buffered_source : public archive_source {
 public:
  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override;

 protected:
  // Appends to out_ (nothing is allowed) or sets finished_. False: cannot go on, failure_ says why,
  // or is empty when cancelled.
  virtual awaitable<bool> produce() = 0;

  std::string out_;
  bool finished_ = false;
  std::uint64_t written() const { return taken_before_ + out_.size(); }

 private:
  std::size_t taken_ = 0;            // of out_
  std::uint64_t taken_before_ = 0;   // bytes in front of out_
};

}  // namespace corunner::exec
