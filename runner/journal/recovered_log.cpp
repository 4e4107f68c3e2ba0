#include "runner/journal/recovered_log.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>

namespace corunner {

namespace {

constexpr std::size_t piece = 256 * 1024;

}  // namespace

recovered_log::recovered_log(asio::any_io_executor executor, std::unique_ptr<spool> storage,
                             std::uint64_t size)
    : storage_(std::move(storage)), size_(size), grown_(std::move(executor)) {}

void recovered_log::read_through() {
  std::string buffer(piece, '\0');
  std::uint64_t done = 0;
  while (done < size_) {
    auto const length = static_cast<std::size_t>(std::min<std::uint64_t>(piece, size_ - done));
    auto const n = storage_->read(done, asio::buffer(buffer.data(), length));
    if (!n || *n == 0) break;
    crc_ = libdeflate_crc32(crc_, buffer.data(), *n);
    done += *n;
  }
  size_ = done;
}

awaitable<void> recovered_log::compute_checksum(net::blocking_pool& pool) {
  auto work = [this] { read_through(); };
  co_await net::on_pool(pool, std::move(work));
}

error_code recovered_log::append(std::string_view bytes) {
  if (error_code const failed = storage_->write(size_, bytes)) return failed;
  size_ += bytes.size();
  crc_ = libdeflate_crc32(crc_, bytes.data(), bytes.size());
  return {};
}

bool recovered_log::ends_with(std::string_view text) const {
  if (size_ < text.size()) return false;
  auto const tail = read(size_ - text.size(), text.size());
  return tail && *tail == text;
}

std::string recovered_log::checksum() const { return fmt::format("crc32:{:08x}", crc_); }

result<std::string> recovered_log::read(std::uint64_t offset, std::size_t length) const {
  return read_exactly(*storage_, offset, length);
}

net::event& recovered_log::grown_to(std::uint64_t) { return grown_; }

}  // namespace corunner
