#pragma once

#include "net/stream.hpp"

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

// A proxy that tunnels: connected to first, then asked to CONNECT to the target.
struct dial_tunnel {
  std::string host;
  std::uint16_t port = 0;
  std::string authorization;  // of Proxy-Authorization; empty: none
};

// Where to connect. Either `unix_path`, or host and port; with TLS when `tls` is set (the host is
// also the name that the certificate must carry).
struct dial_target {
  std::string host;
  std::uint16_t port = 0;
  std::filesystem::path unix_path;
  std::optional<tls_options> tls;
  std::optional<dial_tunnel> tunnel;
  std::chrono::milliseconds connect_limit{30'000};    // for name resolution and TCP together
  std::chrono::milliseconds handshake_limit{10'000};  // for TLS
};

// Makes connections. The program uses socket_dialer, a simulated world its own.
// A dial that takes longer than the target's limits ends with asio::error::timed_out.
class dialer {
 public:
  virtual ~dialer() = default;
  virtual awaitable<result<std::unique_ptr<stream>>> dial(dial_target const& target) = 0;
};

}  // namespace corunner::net
