#include "runner/journal/recovered_log.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace corunner {

namespace {

constexpr std::size_t piece = 256 * 1024;

std::string text_of(std::uint32_t crc) { return fmt::format("crc32:{:08x}", crc); }

}  // namespace

// What reading it once told.
struct recovered_log::scan {
  std::uint64_t size = 0;  // that could be read, or the mark that does not fit
  std::uint32_t crc = 0;
  std::uint64_t right = 0;            // the last mark that fits
  std::optional<std::uint64_t> zero;  // the first zero byte behind it
  bool misfit = false;                // a mark that it does not fit
  bool shorter = false;               // than a mark
};

recovered_log::recovered_log(asio::any_io_executor executor, std::unique_ptr<spool> storage,
                             std::uint64_t size)
    : storage_(std::move(storage)), found_(storage_ ? size : 0), begin_of_added_(found_),
      grown_(std::move(executor)) {}

// Stops at every mark to compare.
recovered_log::scan recovered_log::read_through(std::uint64_t size,
                                                std::vector<log_mark> const& marks) const {
  scan out;
  auto mark = marks.begin();
  std::string buffer(std::min<std::uint64_t>(piece, size), '\0');
  while (true) {
    for (; mark != marks.end() && mark->size <= out.size; ++mark) {
      out.misfit = mark->size < out.size || mark->checksum != text_of(out.crc);
      if (out.misfit) return out;
      out.right = out.size;
      out.zero.reset();
    }
    if (out.size >= size) break;
    auto end = std::min<std::uint64_t>(size, out.size + buffer.size());
    if (mark != marks.end()) end = std::min(end, mark->size);
    auto const n = storage_->read(out.size, asio::buffer(buffer.data(), end - out.size));
    if (!n || *n == 0) break;
    auto const text = std::string_view(buffer).substr(0, *n);
    if (auto const zero = text.find('\0'); zero != text.npos && !out.zero) {
      out.zero = out.size + zero;
    }
    out.crc = libdeflate_crc32(out.crc, text.data(), text.size());
    out.size += text.size();
  }
  out.shorter = mark != marks.end();
  return out;
}

void recovered_log::take(expectation const& what) {
  auto found = read_through(found_, what.marks);
  bool const fits = !found.misfit && !found.shorter;
  auto keep = found.size;
  if (what.ended && fits && !what.marks.empty()) {
    keep = what.marks.back().size;
  } else if (!fits || what.may_be_damaged) {
    keep = found.zero.value_or(found.misfit ? found.right : found.size);
    damaged_ = !fits || found.zero;
  }
  damaged_ = damaged_ || (!found.misfit && found.size < found_);
  uncertain_ = damaged_ || what.may_be_damaged;
  if (keep < found.size) {
    storage_->cut(keep);
    found = read_through(keep, {});
  }
  found_ = begin_of_added_ = found.size;
  crc_ = found.crc;
  mark_ = {found_, text_of(crc_)};
}

awaitable<void> recovered_log::examine(net::blocking_pool& pool, expectation what) {
  auto work = [this, what = std::move(what)] { take(what); };
  co_await net::on_pool(pool, std::move(work));
}

void recovered_log::append(std::string_view text) {
  added_ += text;
  crc_ = libdeflate_crc32(crc_, text.data(), text.size());
}

bool recovered_log::ends_with(std::string_view text) const {
  if (size() < text.size()) return false;
  auto const tail = read(size() - text.size(), text.size());
  return tail && *tail == text;
}

std::string recovered_log::found_tail(std::size_t length) const {
  auto const here = static_cast<std::size_t>(std::min<std::uint64_t>(length, found_));
  auto text = read(found_ - here, here);
  return text ? std::move(*text) : std::string();
}

void recovered_log::server_holds(std::uint64_t bytes) {
  bool const ours = !uncertain_ && bytes == size();
  if (bytes <= begin_of_added_ || ours) return;
  begin_of_added_ = bytes;
}

std::string recovered_log::checksum() const { return whole() ? text_of(crc_) : std::string(); }

result<std::string> recovered_log::read(std::uint64_t offset, std::size_t length) const {
  std::string out;
  if (offset < found_) {
    auto const here = std::min<std::uint64_t>(length, found_ - offset);
    auto text = read_exactly(*storage_, offset, here);
    if (!text) return text;
    out = std::move(*text);
  }
  if (out.size() == length) return out;
  auto const next = offset + out.size();
  if (next < begin_of_added_) return error_code(asio::error::not_found);
  return out.append(added_, next - begin_of_added_, length - out.size());
}

net::event& recovered_log::grown_to(std::uint64_t) { return grown_; }

}  // namespace corunner
