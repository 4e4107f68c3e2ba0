#include "runner/wrapper/control_address.hpp"

#include "net/sockets.hpp"
#include "runner/wrapper/request_uri.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <utility>

namespace corunner {

namespace {

using config::failure;
using config::outcome;

struct host_and_port {
  std::string host;
  std::string port;
};

// "host:port" or "[host]:port".
outcome<host_and_port> split(std::string const& text) {
  auto const refuse = [&text](std::string_view why) {
    return failure{fmt::format("address {}: {}", text, why)};
  };
  auto const colon = text.rfind(':');
  if (text.starts_with('[')) {
    auto const end = text.find(']');
    if (colon == std::string::npos || colon < end) return refuse("missing port in address");
    return host_and_port{text.substr(1, end - 1), text.substr(end + 2)};
  }
  if (colon == std::string::npos) return refuse("missing port in address");
  if (text.find(':') != colon) return refuse("too many colons in address");
  return host_and_port{text.substr(0, colon), text.substr(colon + 1)};
}

// How Go says it.
std::string reason(error_code why) {
  if (why == asio::error::name_too_long) return "invalid argument";
  auto text = why.message();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

outcome<std::unique_ptr<net::listener>> listen_unix(asio::any_io_executor executor,
                                                    std::filesystem::path const& path) {
  auto made = path.empty() ? error_code(asio::error::invalid_argument)
                           : net::listen_unix(std::move(executor), path);
  if (made) return std::move(*made);
  return failure{fmt::format("listen unix {}: bind: {}", path.string(), reason(made.error()))};
}

// The address as Go shows it: names by what they stand for, every address of the machine as none.
std::string shown(std::string const& host, std::string_view port) {
  if (host == "localhost") return fmt::format("127.0.0.1:{}", port);
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

outcome<std::unique_ptr<net::listener>> listen_tcp(asio::any_io_executor executor,
                                                   std::string const& text) {
  host_and_port at;
  if (!text.empty()) {
    auto parts = split(text);
    if (!parts) return failure{"listen tcp: " + parts.error().message};
    at = std::move(*parts);
  }
  std::uint16_t port = 0;
  auto const* const end = at.port.data() + at.port.size();
  auto const [rest, ec] = std::from_chars(at.port.data(), end, port);
  if (!at.port.empty() && (ec != std::errc() || rest != end)) {
    return failure{fmt::format("listen tcp: address {}: invalid port", at.port)};
  }
  auto made = net::listen_tcp(std::move(executor), at.host, port);
  if (made) return std::move(*made);
  if (made.error() == asio::error::host_not_found) {
    return failure{fmt::format("listen tcp: lookup {}: no such host", at.host)};
  }
  return failure{
      fmt::format("listen tcp {}: bind: {}", shown(at.host, at.port), reason(made.error()))};
}

}  // namespace

outcome<control_address> parse_control_address(std::string_view text) {
  auto uri = parse_request_uri(text);
  if (!uri) return failure{"failed to parse grpc-listen address: " + uri.error().message};
  if (uri->scheme == "tcp") return control_address{.host = std::move(uri->host), .unix_path = {}};
  if (uri->scheme == "unix") {
    // "unix:file" is how gRPC's clients name one where they stand.
    auto path = uri->opaque.empty() ? std::move(uri->path) : std::move(uri->opaque);
    return control_address{.host = {}, .unix_path = std::move(path), .on_unix = true};
  }
  return failure{"unsupported grpc-listen address scheme: " + uri->scheme};
}

outcome<std::unique_ptr<net::listener>> listen_for_control(asio::any_io_executor executor,
                                                           control_address const& where) {
  return where.on_unix ? listen_unix(std::move(executor), where.unix_path)
                       : listen_tcp(std::move(executor), where.host);
}

}  // namespace corunner
