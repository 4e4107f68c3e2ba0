#pragma once

#include "runner/trace/spool.hpp"

#include <algorithm>
#include <string>

namespace corunner::simulation {

class memory_spool final : public spool {
 public:
  error_code write(std::uint64_t offset, std::string_view bytes) override {
    bytes_.resize(std::max<std::size_t>(bytes_.size(), offset + bytes.size()));
    bytes_.replace(offset, bytes.size(), bytes);
    return {};
  }

  result<std::size_t> read(std::uint64_t offset, asio::mutable_buffer into) override {
    if (offset >= bytes_.size()) return std::size_t{0};
    auto const count = std::min<std::size_t>(into.size(), bytes_.size() - offset);
    bytes_.copy(static_cast<char*>(into.data()), count, offset);
    return count;
  }

 private:
  std::string bytes_;
};

}  // namespace corunner::simulation
