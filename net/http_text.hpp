#pragma once

#include "net/http_message.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::net {

// How HTTP/1.1 messages are spelled. errc::bad_field when a part holds what would end its line
// early or is no token, so that no caller can smuggle a second message.
result<std::string> request_head_text(std::string_view method, std::string_view target,
                                      http_fields const& fields);
result<std::string> response_head_text(int status, http_fields const& fields);

// "200" -> "OK"; empty for a code nobody registered.
std::string_view status_text(int status);

// What stands before a chunk's bytes, and what ends a chunk and the body.
std::string chunk_head_text(std::size_t size);
inline constexpr std::string_view chunk_end_text = "\r\n";
inline constexpr std::string_view last_chunk_text = "0\r\n\r\n";

// Responses with these never have a body, whatever their header says.
constexpr bool has_no_body(int status) {
  return status / 100 == 1 || status == 204 || status == 304;
}

// "Basic ..." of RFC 7617.
std::string basic_credentials(std::string_view user, std::string_view password);

}  // namespace corunner::net
