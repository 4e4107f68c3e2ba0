#include "runner/observe/listen_address.hpp"

#include <charconv>

namespace corunner {

namespace {

constexpr std::uint16_t default_port = 9252;

config::failure bad(std::string_view text, std::string_view why) {
  return {"address " + std::string(text) + ": " + std::string(why)};
}

}  // namespace

config::outcome<listen_address> parse_listen_address(std::string_view text) {
  auto host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    auto const end = text.find(']');
    if (end == std::string_view::npos) return bad(text, "missing ']' in address");
    host = text.substr(1, end - 1);
    auto const rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return bad(text, "expected ':' after ']'");
    if (!rest.empty()) port = rest.substr(1);
  } else if (auto const colon = text.find(':'); colon != std::string_view::npos) {
    if (text.find(':', colon + 1) != std::string_view::npos) {
      return bad(text, "too many colons in address");
    }
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  listen_address out{std::string(host), default_port};
  if (port.empty()) return out;
  auto const [end, ec] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (ec != std::errc() || end != port.data() + port.size()) {
    return bad(text, "'" + std::string(port) + "' is no port number");
  }
  return out;
}

}  // namespace corunner
