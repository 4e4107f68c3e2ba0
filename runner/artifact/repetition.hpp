#pragma once

#include "net/back_off.hpp"
#include "net/http_message.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <optional>

namespace corunner {

// Whether and when one request is sent again by itself, below the attempts of a command
// (protocol.md 1.9): 408, 429, 500, 502, 503, 504 and everything from 512 on, at most five times in all.
class repetition {
 public:
  explicit repetition(std::uint64_t seed = std::random_device{}());

  // The pause before the next request, or nothing when this answer counts. RateLimit-ResetTime comes
  // first, then Retry-After, then a doubling pause.
  std::optional<std::chrono::milliseconds> after(int status, net::http_fields const& answer,
                                                 net::time_source::wall_time now);

 private:
  net::back_off pause_;
  int sent_ = 0;
};

// The time of "Wed, 21 Oct 2015 07:28:00 GMT"; nothing for other text.
std::optional<net::time_source::wall_time> parse_http_date(std::string_view text);

}  // namespace corunner
