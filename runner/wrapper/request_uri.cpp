#include "runner/wrapper/request_uri.hpp"

#include "config/in_quotes.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <optional>

namespace corunner {

namespace {

using config::failure;
using config::in_quotes;
using config::outcome;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A host may have escapes of what is not ASCII, and of '%' itself before the zone of an address.
enum class part { host, other };

bool may_stand_in_host(char c) {
  return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         is_one_of(c, "-_.~!$&'()*+,;=:[]<>\"");
}

outcome<std::string> decode(std::string_view text, part of) {
  std::string plain;
  for (std::size_t at = 0; at != text.size(); ++at) {
    char const c = text[at];
    if (c != '%') {
      if (of == part::host && !may_stand_in_host(c)) {
        return failure{"invalid character " + in_quotes({&c, 1}) + " in host name"};
      }
      plain += c;
      continue;
    }
    auto const escape = text.substr(at, 3);
    int const high = escape.size() == 3 ? hex_value(escape[1]) : -1;
    int const low = escape.size() == 3 ? hex_value(escape[2]) : -1;
    if (high < 0 || low < 0 || (of == part::host && high < 8 && escape != "%25")) {
      return failure{"invalid URL escape " + in_quotes(escape)};
    }
    plain += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return plain;
}

// Splits the scheme off; there may be none.
outcome<std::string> take_scheme(std::string_view& text) {
  for (std::size_t at = 0; at != text.size(); ++at) {
    char const c = text[at];
    if (is_letter(c) || (at > 0 && (is_digit(c) || is_one_of(c, "+-.")))) continue;
    if (c != ':') return std::string();
    if (at == 0) return failure{"missing protocol scheme"};
    std::string scheme(text.substr(0, at));
    for (char& each : scheme) {
      each = static_cast<char>(each >= 'A' && each <= 'Z' ? each - 'A' + 'a' : each);
    }
    text.remove_prefix(at + 1);
    return scheme;
  }
  return std::string();
}

std::optional<failure> check_port(std::string_view with_colon) {
  bool const good = with_colon.empty() || (with_colon.front() == ':' &&
                                           std::ranges::all_of(with_colon.substr(1), is_digit));
  if (good) return std::nullopt;
  return failure{"invalid port " + in_quotes(with_colon) + " after host"};
}

std::optional<failure> check_address(std::string_view inside_brackets) {
  boost::system::error_code ec;
  boost::asio::ip::make_address_v6(std::string(inside_brackets), ec);
  if (!ec) return std::nullopt;
  return failure{"invalid host: ParseAddr(" + in_quotes(inside_brackets) + "): unable to parse IP"};
}

outcome<std::string> parse_host(std::string_view text) {
  if (!text.starts_with('[')) {
    auto const colon = text.rfind(':');
    if (colon != std::string_view::npos) {
      if (auto const why = check_port(text.substr(colon))) return *why;
    }
    return decode(text, part::host);
  }
  auto const end = text.rfind(']');
  if (end == std::string_view::npos) return failure{"missing ']' in host"};
  if (auto const why = check_port(text.substr(end + 1))) return *why;
  auto host = decode(text, part::host);
  if (!host) return host;
  if (auto const why = check_address(host->substr(1, host->rfind(']') - 1))) return *why;
  return host;
}

std::optional<failure> check_user(std::string_view text) {
  bool const good = std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || is_one_of(c, "-._:~!$&'()*+,;=%@");
  });
  if (!good) return failure{"net/url: invalid userinfo"};
  auto const plain = decode(text, part::other);
  return plain ? std::nullopt : std::optional(plain.error());
}

outcome<std::string> parse_authority(std::string_view text) {
  auto const at = text.rfind('@');
  if (at == std::string_view::npos) return parse_host(text);
  auto host = parse_host(text.substr(at + 1));
  if (!host) return host;
  if (auto const why = check_user(text.substr(0, at))) return *why;
  return host;
}

outcome<request_uri> parse(std::string_view text) {
  if (std::ranges::any_of(
          text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; })) {
    return failure{"net/url: invalid control character in URL"};
  }
  if (text.empty()) return failure{"empty url"};
  request_uri made;
  if (text == "*") {
    made.path = text;
    return made;
  }
  auto scheme = take_scheme(text);
  if (!scheme) return scheme.error();
  made.scheme = std::move(*scheme);
  text = text.substr(0, text.find('?'));
  if (!text.starts_with('/')) {
    if (made.scheme.empty()) return failure{"invalid URI for request"};
    made.opaque = text;
    return made;
  }
  if (!made.scheme.empty() && text.starts_with("//")) {
    auto const authority = text.substr(2, text.find('/', 2) - 2);
    auto host = parse_authority(authority);
    if (!host) return host.error();
    made.host = std::move(*host);
    text.remove_prefix(2 + authority.size());
  }
  auto path = decode(text, part::other);
  if (!path) return path.error();
  made.path = std::move(*path);
  return made;
}

}  // namespace

outcome<request_uri> parse_request_uri(std::string_view text) {
  auto made = parse(text);
  if (made) return made;
  return failure{"parse " + in_quotes(text) + ": " + made.error().message};
}

}  // namespace corunner
