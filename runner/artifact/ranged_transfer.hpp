#pragma once

#include "net/blocking_pool.hpp"
#include "net/http_client.hpp"
#include "runner/artifact/staged_file.hpp"
#include "runner/artifact/transfer_meter.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// How an object is taken apart.
struct range_plan {
  std::uint64_t size = 0;    // of the object
  std::uint64_t length = 0;  // of a range
  int streams = 1;           // ranges at a time
};

// Fetches an object in ranges, several at a time, into one file.
class ranged_transfer {
 public:
  // Sends a GET with that Range ("bytes=0-99"); nothing when there is no answer.
  using request = std::function<awaitable<std::optional<net::http_response>>(std::string range)>;

  ranged_transfer(net::blocking_pool& pool, transfer_meter& meter, request send, range_plan plan);

  // True when every range was there to its last byte; after a failure no further one is asked for.
  awaitable<bool> run(staged_file& into);

 private:
  awaitable<void> fetch_ranges(staged_file& into);
  awaitable<bool> fetch(staged_file& into, std::uint64_t first, std::uint64_t length);

  net::blocking_pool& pool_;
  transfer_meter& meter_;
  request send_;
  range_plan plan_;
  std::uint64_t next_ = 0;  // the first byte that nobody has taken on
  bool failed_ = false;
};

// The total of "bytes 0-0/123"; nothing for other text.
std::optional<std::uint64_t> total_of_range(std::string_view content_range);

}  // namespace corunner
