#include "net/proxy.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace corunner::net {
namespace {

namespace ip = asio::ip;

// `host` as an address, if it is one; an IPv4 address in IPv6's clothes is what it means.
std::optional<ip::address> numeric(std::string const& host) {
  error_code not_numeric;
  auto const address = ip::make_address(host, not_numeric);
  if (not_numeric) return std::nullopt;
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

bool is_loopback(std::string const& host) {
  auto const address = numeric(host);
  return address ? address->is_loopback() : host == "localhost";
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view white = " \t\r\n\v\f";
  auto const first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

bool in_network(std::string const& network, ip::address const& address) {
  error_code ec;
  if (address.is_v4()) {
    auto const range = ip::make_network_v4(network, ec);
    return !ec && ip::make_network_v4(address.to_v4(), range.prefix_length()).canonical() ==
                      range.canonical();
  }
  auto const range = ip::make_network_v6(network, ec);
  return !ec && ip::make_network_v6(address.to_v6(), range.prefix_length()).canonical() ==
                    range.canonical();
}

// "name:port" and "[v6]:port" lose their port, which must then be the target's or empty.
bool take_port(std::string& entry, std::uint16_t port) {
  auto const colon = entry.rfind(':');
  auto const bracket = entry.rfind(']');
  bool const is_address = entry.find(':') != colon && entry.front() != '[';
  if (colon == std::string::npos || is_address ||
      (bracket != std::string::npos && bracket > colon)) {
    return true;
  }
  auto const wanted = entry.substr(colon + 1);
  bool const same = wanted.empty() || wanted == std::to_string(port);
  entry.resize(colon);
  return same;
}

// One entry of the list: *, a network, an address, a name with its subdomains, or only these.
bool matches(std::string entry, url const& target) {
  if (entry.empty()) return false;
  if (entry == "*") return true;
  auto const address = numeric(target.host);
  if (entry.find('/') != std::string::npos) return address && in_network(entry, *address);
  if (!take_port(entry, target.port)) return false;
  if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  if (auto const meant = numeric(entry)) return meant == address;
  if (entry.starts_with("*.")) entry.erase(0, 1);
  std::transform(entry.begin(), entry.end(), entry.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (entry.empty() || entry.starts_with('.')) {
    return !entry.empty() && target.host.ends_with(entry);
  }
  return target.host == entry || target.host.ends_with('.' + entry);
}

bool is_excluded(std::string_view list, url const& target) {
  while (!list.empty()) {
    auto const size = std::min(list.find(','), list.size());
    if (matches(std::string(trim(list.substr(0, size))), target)) return true;
    list.remove_prefix(std::min(size + 1, list.size()));
  }
  return false;
}

}  // namespace

result<std::optional<url>> proxy_settings::proxy_for(url const& target) const {
  auto const& text = target.secure() ? https : http;
  if (text.empty() || is_loopback(target.host) || is_excluded(no_proxy, target)) {
    return std::optional<url>();
  }
  auto made = parse_proxy_url(text);
  if (!made) return made.error();
  return std::optional<url>(std::move(*made));
}

proxy_settings read_proxy_environment(
    std::function<std::optional<std::string>(std::string_view)> const& variables) {
  auto const either = [&variables](std::string_view upper, std::string_view lower) {
    auto value = variables(upper).value_or("");
    return value.empty() ? variables(lower).value_or("") : value;
  };
  return {either("HTTP_PROXY", "http_proxy"), either("HTTPS_PROXY", "https_proxy"),
          either("NO_PROXY", "no_proxy")};
}

}  // namespace corunner::net
