#pragma once

#include "config/failure.hpp"

#include <string>
#include <string_view>

namespace corunner {

// A URL taken apart as Go's url.ParseRequestURI does it, of which users see the messages:
// parse "tcp://%zz": invalid URL escape "%zz".
struct request_uri {
  std::string scheme;  // in lower case; empty for a mere path
  std::string host;    // with its port, as in "[::1]:80"; its escapes are decoded
  std::string path;    // decoded
  std::string opaque;  // what stands behind the scheme when it is no path: "file" of "unix:file"

  bool operator==(request_uri const&) const = default;
};

config::outcome<request_uri> parse_request_uri(std::string_view text);

}  // namespace corunner
