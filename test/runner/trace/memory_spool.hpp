#pragma once

#include "runner/trace/spool.hpp"

#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>

namespace corunner::test {

// A spool in memory that can be full: a write past `room` stores only what fits and fails. Like a
// file it may be written while another thread reads.
class memory_spool final : public spool {
 public:
  explicit memory_spool(std::string& stored, std::size_t* room = nullptr)
      : stored_(stored), room_(room) {}

  error_code write(std::uint64_t offset, std::string_view bytes) override {
    std::lock_guard const lock(access_);
    if (offset > stored_.size()) return make_error_code(boost::system::errc::invalid_argument);
    auto const fits = room_ ? std::min(bytes.size(), *room_ - std::min(*room_, offset))
                            : bytes.size();
    stored_.resize(std::max<std::size_t>(stored_.size(), offset + fits));
    stored_.replace(offset, fits, bytes.substr(0, fits));
    if (fits == bytes.size()) return {};
    return make_error_code(boost::system::errc::no_space_on_device);
  }

  void cut(std::uint64_t size) override {
    if (size < stored_.size()) stored_.resize(size);
  }

  result<std::size_t> read(std::uint64_t offset, asio::mutable_buffer into) override {
    std::lock_guard const lock(access_);
    if (offset >= stored_.size()) return std::size_t{0};
    auto const n = std::min(into.size(), stored_.size() - static_cast<std::size_t>(offset));
    std::memcpy(into.data(), stored_.data() + offset, n);
    return n;
  }

 private:
  std::string& stored_;
  std::size_t* room_;
  std::mutex access_;
};

}  // namespace corunner::test
