#include "runner/trace/spool.hpp"

#include <algorithm>
#include <string>

namespace corunner {

namespace {

class memory_spool final : public spool {
 public:
  explicit memory_spool(std::size_t limit) : limit_(limit) {}

  error_code write(std::uint64_t offset, std::string_view bytes) override {
    if (offset > bytes_.size() || offset + bytes.size() > limit_) {
      return make_error_code(boost::system::errc::no_space_on_device);
    }
    bytes_.resize(std::max<std::size_t>(bytes_.size(), offset + bytes.size()));
    bytes_.replace(offset, bytes.size(), bytes);
    return {};
  }

  void cut(std::uint64_t size) override {
    if (size < bytes_.size()) bytes_.resize(size);
  }

  result<std::size_t> read(std::uint64_t offset, asio::mutable_buffer into) override {
    if (offset >= bytes_.size()) return std::size_t{0};
    return bytes_.copy(static_cast<char*>(into.data()), into.size(), offset);
  }

 private:
  std::size_t limit_;
  std::string bytes_;
};

}  // namespace

std::unique_ptr<spool> make_memory_spool(std::size_t limit) {
  return std::make_unique<memory_spool>(limit);
}

}  // namespace corunner
