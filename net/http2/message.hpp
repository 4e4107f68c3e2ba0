#pragma once

#include "net/http_message.hpp"

#include <cstdint>
#include <string>

namespace corunner::net {

// What is said on one stream of an HTTP/2 connection. Names of fields are in lower case on the
// wire, and pseudo-header fields have members of their own.
struct http2_request {
  std::int32_t stream = 0;
  std::string method;
  std::string path;  // with the query, as sent
  std::string authority;
  http_fields fields;
  std::string body;
  bool body_too_large = false;  // over the limit: `body` holds what came before
};

struct http2_response {
  int status = 200;
  http_fields fields;
  std::string body;
  http_fields
      trailers;  // after the body; without body and trailers the response is its header alone
};

}  // namespace corunner::net
