#pragma once

#include "net/time_source.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace corunner::coordinator {

// The calendar in milliseconds since 1970.
std::int64_t wall_milliseconds(net::time_source const& time);
net::time_source::wall_time to_wall(std::int64_t milliseconds);
std::optional<net::time_source::wall_time> to_wall(std::optional<std::int64_t> milliseconds);

// "2016-01-25T16:39:48.066Z"
std::string iso_time(std::int64_t milliseconds);
// The same as JSON; null for no time.
boost::json::value json_time(std::optional<std::int64_t> milliseconds);
// "Mon, 25 Jan 2016 16:39:48 GMT", the form of HTTP's fields.
std::optional<std::int64_t> parse_http_time(std::string const& text);

}  // namespace corunner::coordinator
