#include "net/url.hpp"

#include "net/error.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace corunner::net {
namespace {

namespace urls = boost::urls;

struct scheme_port {
  std::string_view scheme;
  std::uint16_t port;
};
// The first two are those of web addresses, the others only of proxies.
constexpr std::array<scheme_port, 4> schemes = {
    {{"http", 80}, {"https", 443}, {"socks5", 1080}, {"socks5h", 1080}}};
constexpr std::size_t web_schemes = 2;

constexpr std::uint16_t default_port(std::string_view scheme) {
  return std::ranges::find(schemes, scheme, &scheme_port::scheme)->port;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

constexpr bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void append_escaped(std::string& to, char c) {
  fmt::format_to(std::back_inserter(to), "%{:02X}", static_cast<unsigned char>(c));
}

// People and servers write blanks and UTF-8 into URLs; control characters are refused.
result<std::string> escape_loose_characters(std::string_view text) {
  std::string escaped;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return error_code(errc::bad_url);
    if (byte > 0x7f || std::string_view(" \"<>\\^`{|}").find(c) != std::string_view::npos) {
      append_escaped(escaped, c);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

bool is_host_name(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return is_unreserved(c) || static_cast<unsigned char>(c) > 0x7f;
  });
}

result<std::string> host_of(urls::url_view_base const& from) {
  if (from.host_type() == urls::host_type::ipv6) {
    auto const text = from.encoded_host_address();
    return std::string(text.data(), text.size());
  }
  auto host = lower_case(from.host());
  if (!is_host_name(host)) return error_code(errc::bad_url);
  return host;
}

// `count`: how many of `schemes` will do.
result<url> take_apart(urls::url_view_base const& from, std::size_t count) {
  url made;
  made.scheme = lower_case(from.scheme());
  auto const known = std::span(schemes).first(count);
  if (std::ranges::find(known, made.scheme, &scheme_port::scheme) == known.end()) {
    return error_code(errc::unsupported_scheme);
  }
  auto host = host_of(from);
  if (!host) return host.error();
  made.host = std::move(*host);
  made.user = from.user();
  made.password = from.password();
  made.port = default_port(made.scheme);
  if (from.has_port() && !from.port().empty()) made.port = from.port_number();
  if (made.port == 0) return error_code(errc::bad_url);
  auto const path = from.encoded_path();
  if (!path.empty()) made.path.assign(path.data(), path.size());
  auto const query = from.encoded_query();
  made.query.assign(query.data(), query.size());
  return made;
}

// RFC 3986 5.2.4: "." stays where it is, ".." goes up, and never above the root.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    auto const segment = path.substr(0, path.find('/', 1));
    path.remove_prefix(segment.size());
    bool const up = segment == "/..";
    if (up) out.erase(std::min(out.rfind('/'), out.size()));
    if (!up && segment != "/.") {
      out += segment;
    } else if (path.empty()) {
      out += '/';
    }
  }
  return out;
}

// RFC 3986 5.2.2 for a reference without a scheme.
url relative_to(url const& base, urls::url_view const& reference) {
  auto made = base;
  std::string_view const path = reference.encoded_path();
  if (!path.empty()) {
    bool const whole = path.front() == '/';
    auto const folder = whole ? std::string() : base.path.substr(0, base.path.rfind('/') + 1);
    made.path = remove_dot_segments(folder + std::string(path));
  }
  if (!path.empty() || reference.has_query()) {
    made.query = std::string_view(reference.encoded_query());
  }
  return made;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

result<url> parse_with(std::size_t count, std::string_view text) {
  auto const escaped = escape_loose_characters(text);
  if (!escaped) return escaped.error();
  auto const parsed = urls::parse_uri(*escaped);
  if (!parsed || !parsed->has_authority()) return error_code(errc::bad_url);
  return take_apart(*parsed, count);
}

}  // namespace

std::string url::target() const { return query.empty() ? path : path + '?' + query; }

std::string url::authority() const {
  auto text = host.find(':') == std::string::npos ? host : '[' + host + ']';
  if (port != default_port(scheme)) text += fmt::format(":{}", port);
  return text;
}

std::string url::origin() const { return scheme + "://" + authority(); }

std::string url::to_string(bool with_credentials) const {
  std::string who;
  if (with_credentials && !(user.empty() && password.empty())) {
    who = percent_encode(user);
    if (!password.empty()) who += ':' + percent_encode(password);
    who += '@';
  }
  return scheme + "://" + who + authority() + target();
}

result<url> parse_url(std::string_view text) { return parse_with(web_schemes, text); }

result<url> parse_proxy_url(std::string_view text) {
  if (text.find("://") != std::string_view::npos) return parse_with(schemes.size(), text);
  return parse_with(schemes.size(), "http://" + std::string(text));
}

result<url> resolve_url(url const& base, std::string_view reference) {
  auto const escaped = escape_loose_characters(reference);
  if (!escaped) return escaped.error();
  auto const parsed = urls::parse_uri_reference(*escaped);
  if (!parsed) return error_code(errc::bad_url);
  if (!parsed->has_scheme() && !parsed->has_authority()) return relative_to(base, *parsed);
  auto made = parse_url(parsed->has_scheme() ? *escaped : base.scheme + ':' + *escaped);
  if (made) made->path = remove_dot_segments(made->path);
  return made;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (char const c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      append_escaped(encoded, c);
    }
  }
  return encoded;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

}  // namespace corunner::net
