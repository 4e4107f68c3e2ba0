#include "runner/cache/metadata.hpp"

#include "exec/archive/utf8.hpp"

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace corunner {
namespace {

constexpr std::string_view infix = "-meta-";

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// JSON is UTF-8: U+FFFD for each byte that is none.
std::string readable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto const [value, length] = exec::decode_utf8(text, at);
    bool const is_none = value > 0x10FFFF;
    out += is_none ? std::string_view("\xef\xbf\xbd") : text.substr(at, length);
    at += length;
  }
  return out;
}

}  // namespace

std::optional<cache_metadata> parse_metadata(std::string_view json, std::string& failure) {
  error_code ec;
  auto const value = boost::json::parse({json.data(), json.size()}, ec);
  if (ec == boost::json::error::incomplete) {
    failure = "unexpected end of JSON input";
    return std::nullopt;
  }
  cache_metadata made;
  if (!ec && value.is_null()) return made;
  if (ec || !value.is_object()) {
    failure = ec ? ec.message() : "not a JSON object";
    return std::nullopt;
  }
  for (auto const& [name, member] : value.get_object()) {
    auto& text = made[in_lower_case(name)];
    if (member.is_null()) continue;
    if (!member.is_string()) {
      failure = "the value of '" + std::string(name) + "' is no text";
      return std::nullopt;
    }
    text = member.get_string();
  }
  return made;
}

cache_metadata metadata_of(net::http_fields const& answer) {
  cache_metadata made;
  for (auto const& [name, value] : answer) {
    auto const plain = in_lower_case(name);
    if (!plain.starts_with("x-")) continue;
    auto const vendor_end = plain.find('-', 2);
    if (vendor_end == std::string::npos || vendor_end == 2) continue;
    auto const rest = std::string_view(plain).substr(vendor_end);
    if (rest.starts_with(infix) && rest.size() > infix.size()) {
      made[std::string(rest.substr(infix.size()))] = value;
    }
  }
  return made;
}

std::string metadata_text(cache_metadata const& metadata) {
  boost::json::object object;
  for (auto const& [name, value] : metadata) object[readable(name)] = readable(value);
  return boost::json::serialize(object);
}

}  // namespace corunner
