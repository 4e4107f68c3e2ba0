#pragma once

#include "net/back_off.hpp"
#include "net/http_message.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::gitlab {

// The repetition of a call inside the client (protocol.md 1.9): at most five attempts, on statuses
// that promise to get better; never after a transport error.
inline constexpr int most_attempts = 5;

bool is_retriable(int status);
// Of these: the request was turned away unseen, so that its repetition cannot do anything twice.
bool did_nothing(int status);

struct retry_pause {
  std::chrono::milliseconds length;
  std::string refused;  // a Retry-After that is no whole number of seconds, and so does not count
};

// How long the server wants us to wait, at most an hour, or else the next pause of `pauses`.
retry_pause pause_before_retry(net::http_fields const& answer, net::time_source::wall_time now,
                               net::back_off& pauses);

// "Wed, 21 Oct 2015 07:28:00 GMT"
std::optional<net::time_source::wall_time> parse_http_date(std::string_view text);
std::string http_date(net::time_source::wall_time when);

// "2026-01-02T03:04:05.000Z", also with an offset or without a fraction.
std::optional<net::time_source::wall_time> parse_iso_time(std::string_view text);

}  // namespace corunner::gitlab
