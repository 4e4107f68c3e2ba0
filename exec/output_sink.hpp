#pragma once

#include "net/asio.hpp"

#include <string_view>

namespace corunner::exec {

enum class channel { out, err };

// Takes what a script prints. write() returns when the next bytes may come: that is the back
// pressure. `bytes` live until it returns.
class output_sink {
 public:
  virtual ~output_sink() = default;
  virtual awaitable<void> write(channel from, std::string_view bytes) = 0;
};

}  // namespace corunner::exec
