#include "runner/trace/trace_buffer.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <utility>

namespace corunner {

trace_buffer::trace_buffer(std::unique_ptr<spool> storage, std::uint64_t limit)
    : storage_(std::move(storage)), limit_(limit) {}

void trace_buffer::put(std::string_view bytes) {
  if (full_) return;
  std::string room;
  take(repair_.next(bytes, room));
}

void trace_buffer::finish() {
  if (!full_) take(repair_.finish());
  if (lost_ == 0 || tell_loss()) return;
  in_memory_ = loss_notice();
  in_spool_ = size_;
  size_ += in_memory_.size();
  crc_ = libdeflate_crc32(crc_, in_memory_.data(), in_memory_.size());
}

void trace_buffer::take(std::string_view text) {
  if (text.empty()) return;
  auto const room = limit_ > size_ ? limit_ - size_ : 0;
  if (text.size() < room) return store(text);
  full_ = true;
  std::string last(text.substr(0, utf8_boundary(text, room)));
  last += fmt::format(
      "\n\x1b[33;1mJob's log exceeded limit of {} bytes.\n"
      "Job execution will continue but no more output will be collected.\x1b[0;m\n",
      limit_);
  store(last);
}

void trace_buffer::store(std::string_view text) {
  if (lost_ > 0 && !tell_loss()) {
    lost_ += text.size();
    return;
  }
  if (error_code const failed = storage_->write(size_, text)) {
    // Who reads the file after our death shall not take a part of this for what was sent.
    storage_->cut(size_);
    lost_ += text.size();
    why_lost_ = failed;
    return;
  }
  size_ += text.size();
  crc_ = libdeflate_crc32(crc_, text.data(), text.size());
}

std::string trace_buffer::loss_notice() const {
  return fmt::format("\n\x1b[0;33mWARNING: {} bytes of this log could not be stored: {}\x1b[0;m\n",
                     lost_, why_lost_.message());
}

bool trace_buffer::tell_loss() {
  auto const notice = loss_notice();
  auto const before = std::exchange(lost_, 0);
  store(notice);
  if (lost_ == 0) return true;
  lost_ = before;
  return false;
}

std::string trace_buffer::checksum() const { return fmt::format("crc32:{:08x}", crc_); }

result<std::string> trace_buffer::read(std::uint64_t offset, std::size_t length) const {
  std::uint64_t const in_spool = in_spool_;
  if (offset + length <= in_spool) return read_exactly(*storage_, offset, length);
  if (offset >= in_spool) return in_memory_.substr(offset - in_spool, length);
  auto text = read_exactly(*storage_, offset, in_spool - offset);
  if (text) text->append(in_memory_, 0, length - text->size());
  return text;
}

}  // namespace corunner
