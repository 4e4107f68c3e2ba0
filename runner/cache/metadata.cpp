#include "runner/cache/metadata.hpp"

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

}  // namespace

std::optional<cache_metadata> parse_metadata(std::string_view json, std::string& failure) {
  error_code ec;
  auto const value = boost::json::parse({json.data(), json.size()}, ec);
  if (ec == boost::json::error::incomplete) {
    failure = "unexpected end of JSON input";
    return std::nullopt;
  }
  if (ec || !value.is_object()) {
    failure = ec ? ec.message() : "not a JSON object";
    return std::nullopt;
  }
  cache_metadata made;
  for (auto const& [name, member] : value.get_object()) {
    if (!member.is_string()) {
      failure = "the value of '" + std::string(name) + "' is no text";
      return std::nullopt;
    }
    made[in_lower_case(name)] = std::string(member.get_string());
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
  for (auto const& [name, value] : metadata) object[name] = value;
  return boost::json::serialize(object);
}

}  // namespace corunner
