#include "net/http_text.hpp"

#include "net/asio.hpp"
#include "net/error.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace corunner::net {
namespace {

struct known_status {
  int code;
  std::string_view text;
};
constexpr std::array statuses = std::to_array<known_status>({
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Request Entity Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Requested Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Entity"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [=](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    auto const byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

bool is_target(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f;
  });
}

error_code append_fields(std::string& to, http_fields const& fields) {
  for (auto const& [name, value] : fields) {
    if (!is_token(name) || !is_field_value(value)) return errc::bad_field;
    to.append(name).append(": ").append(value).append("\r\n");
  }
  to += "\r\n";
  return error_code();
}

}  // namespace

result<std::string> request_head_text(std::string_view method, std::string_view target,
                                      http_fields const& fields) {
  if (!is_token(method) || !is_target(target)) return error_code(errc::bad_field);
  auto text = fmt::format("{} {} HTTP/1.1\r\n", method, target);
  if (error_code const ec = append_fields(text, fields)) return ec;
  return text;
}

result<std::string> response_head_text(int status, http_fields const& fields) {
  if (status < 100 || status > 999) return error_code(errc::bad_field);
  auto text = fmt::format("HTTP/1.1 {} {}\r\n", status, status_text(status));
  if (error_code const ec = append_fields(text, fields)) return ec;
  return text;
}

std::string_view status_text(int status) {
  auto const found = std::find_if(statuses.begin(), statuses.end(),
                                  [status](known_status const& s) { return s.code == status; });
  return found == statuses.end() ? std::string_view() : found->text;
}

std::string chunk_head_text(std::size_t size) { return fmt::format("{:x}\r\n", size); }

std::string basic_credentials(std::string_view user, std::string_view password) {
  auto const plain = fmt::format("{}:{}", user, password);
  std::string encoded((plain.size() + 2) / 3 * 4 + 1, '\0');
  auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                    reinterpret_cast<unsigned char const*>(plain.data()),
                                    static_cast<int>(plain.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

}  // namespace corunner::net
