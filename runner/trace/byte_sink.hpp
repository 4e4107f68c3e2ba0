#pragma once

#include <string_view>

namespace corunner {

// Where a filter of the trace puts what it lets through; `bytes` live until put() returns.
class byte_sink {
 public:
  virtual ~byte_sink() = default;
  virtual void put(std::string_view bytes) = 0;
};

}  // namespace corunner
