#pragma once

#include "net/http_message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::coordinator {

// The header that a CGI program prints before its body (RFC 3875 section 6).
struct cgi_header {
  int status = 200;
  net::http_fields fields;  // without Status
  std::size_t length = 0;   // bytes of the header, the empty line included
};

// Nothing as long as the header is not complete.
std::optional<cgi_header> parse_cgi_header(std::string_view text);

}  // namespace corunner::coordinator
