#pragma once

#include "runner/trace/byte_sink.hpp"
#include "runner/trace/spool.hpp"
#include "runner/trace/utf8_repair.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace corunner {

// The end of all filters: repairs UTF-8, stops at the size limit with a notice, stores the bytes
// and keeps their checksum.
//
// Invariant: size() and checksum() describe exactly the bytes that can be read. Bytes that the
// spool cannot take are counted, and a line tells of them as soon as it can again; at the end it is
// kept in memory if need be. Wire: protocol.md 5.1, job-lifecycle.md 11.5.
class trace_buffer final : public byte_sink {
 public:
  trace_buffer(std::unique_ptr<spool> storage, std::uint64_t limit);

  void put(std::string_view bytes) override;
  void finish();

  // The limit was reached: nothing more is taken.
  bool full() const { return full_; }
  std::uint64_t size() const { return size_; }
  std::string checksum() const;

  // `length` bytes from `offset` on. The caller asks only for stored bytes; then this may run on
  // another thread while more are put.
  result<std::string> read(std::uint64_t offset, std::size_t length) const;

 private:
  void take(std::string_view text);
  void store(std::string_view text);
  bool tell_loss();
  std::string loss_notice() const;

  std::unique_ptr<spool> storage_;
  std::uint64_t limit_;
  utf8_repair repair_;
  std::uint64_t size_ = 0;
  std::uint32_t crc_ = 0;
  bool full_ = false;
  std::uint64_t lost_ = 0;  // bytes that could not be stored and were not told of
  error_code why_lost_;
  std::string in_memory_;  // the end of the log that the spool did not take
  std::atomic<std::uint64_t> in_spool_ = UINT64_MAX;  // where that begins
};

}  // namespace corunner
