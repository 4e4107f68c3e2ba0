#pragma once

#include "net/stream.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace corunner::net {

// How to trust the peer and show who we are. System roots plus `ca_file` (appended); TLS 1.2 at
// least; there is no way to switch verification off (protocol.md 1.5).
struct tls_options {
  std::filesystem::path ca_file;
  std::filesystem::path certificate_file;
  std::filesystem::path key_file;

  bool operator==(tls_options const&) const = default;
  auto operator<=>(tls_options const&) const = default;
};

// Of its three files; changes whenever one of them does.
using tls_stamps = std::array<std::string, 3>;
tls_stamps stamps_of(tls_options const& options);

// A proxy that tunnels: connected to first, then asked to go on to the target.
struct dial_tunnel {
  enum class protocol { http_connect, socks5 };
  protocol how = protocol::http_connect;
  std::string host;
  std::uint16_t port = 0;
  bool secure = false;  // spoken to through TLS, with the target's tls_options
  std::string user;     // for the proxy; both empty: none
  std::string password;
};

// Where to connect. Either `unix_path`, or host and port; with TLS when `tls` is set (the host is
// also the name that the certificate must carry).
struct dial_target {
  std::string host;
  std::uint16_t port = 0;
  std::filesystem::path unix_path;
  std::optional<tls_options> tls;
  std::optional<dial_tunnel> tunnel;
  std::chrono::milliseconds connect_limit{30'000};    // for name resolution, TCP and the tunnel
  std::chrono::milliseconds handshake_limit{10'000};  // for TLS
  // Where a failed dial may write what its error code cannot say (the names of a certificate); must
  // live until the dial has ended.
  std::string* explanation = nullptr;
};

// Makes connections. The program uses socket_dialer, a simulated world its own.
// A dial that takes longer than the target's limits ends with asio::error::timed_out.
class dialer {
 public:
  virtual ~dialer() = default;
  virtual awaitable<result<std::unique_ptr<stream>>> dial(dial_target const& target) = 0;
};

}  // namespace corunner::net
