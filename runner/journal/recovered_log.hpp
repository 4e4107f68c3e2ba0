#pragma once

#include "net/blocking_pool.hpp"
#include "runner/journal/log_mark.hpp"
#include "runner/trace/log_source.hpp"
#include "runner/trace/spool.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// The log of a job that an earlier process ran, as it was found. It only grows by append(). Who
// appends the same to the same log, in one life after the other, need not know what of it the
// server has.
//
// After a loss of power it may have lost bytes at its end, or have zeros instead of some. Marks
// tell what it was. The server may then hold more than we have: those bytes were ours once and are
// right, so what is appended goes behind them, and nobody knows the checksum of the whole any more.
class recovered_log final : public log_source {
 public:
  struct expectation {
    std::vector<log_mark> marks;  // what it was, in order
    bool ended = false;           // the last one is the whole log
    bool may_be_damaged = true;   // there was, perhaps, a loss of power
  };

  // `size`: how many bytes the spool holds; without a spool there are none.
  recovered_log(asio::any_io_executor executor, std::unique_ptr<spool> storage, std::uint64_t size);

  // Reads it once from begin to end, off the loop. To be called first. What cannot be read is cut
  // off, and so is what was damaged: from the first zero byte behind the last mark that is right.
  awaitable<void> examine(net::blocking_pool& pool, expectation what);
  // Something that was in it is missing.
  bool damaged() const { return damaged_; }
  bool ends_with(std::string_view text) const;
  // The last bytes, at most `length`, without what was added; empty when they cannot be read.
  std::string found_tail(std::size_t length) const;
  // Behind what was found, in memory alone: what is on the disk was written by the job's own
  // process, so that it is what the server may have.
  void append(std::string_view text);
  // What was found, before anything was added.
  log_mark const& found() const { return mark_; }

  std::uint64_t size() const override { return begin_of_added_ + added_.size(); }
  std::string checksum() const override;
  result<std::string> read(std::uint64_t offset, std::size_t length) const override;
  net::event& grown_to(std::uint64_t size) override;
  void server_holds(std::uint64_t bytes) override;

 private:
  struct scan;
  scan read_through(std::uint64_t size, std::vector<log_mark> const& marks) const;
  void take(expectation const& what);
  bool whole() const { return begin_of_added_ == found_; }

  std::unique_ptr<spool> storage_;
  std::uint64_t found_;           // bytes of it that are right
  std::uint64_t begin_of_added_;  // found_, or more: what the server holds
  std::string added_;
  log_mark mark_;
  std::uint32_t crc_ = 0;         // of what was found and added
  bool damaged_ = false;
  bool uncertain_ = false;        // the server may hold bytes that we do not know
  net::event grown_;
};

}  // namespace corunner
