#pragma once

#include "net/dialer.hpp"
#include "net/time_source.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace corunner::net {

// Real connections: TCP with keep-alive probes (30 s), unix sockets, TLS by OpenSSL. Contexts are
// cached per tls_options and made anew when one of the files has changed.
class socket_dialer final : public dialer {
 public:
  explicit socket_dialer(time_source& time);
  ~socket_dialer() override;
  socket_dialer(socket_dialer const&) = delete;
  socket_dialer& operator=(socket_dialer const&) = delete;
  awaitable<result<std::unique_ptr<stream>>> dial(dial_target const& target) override;

  // Told about a certificate file that could not be used; the dial goes on without it.
  std::function<void(std::string const&)> warn;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// Listens on `host`:`port` (0: a free one). An empty host is every address of this machine, others
// are numeric, localhost or in /etc/hosts. SO_REUSEADDR, close-on-exec.
result<std::unique_ptr<listener>> listen_tcp(asio::any_io_executor executor,
                                             std::string const& host, std::uint16_t port);
// Listens on a unix socket, which is made with mode 0600 and removed by close(). One that a dead
// process left behind is replaced, another file is not.
result<std::unique_ptr<listener>> listen_unix(asio::any_io_executor executor,
                                              std::filesystem::path const& path);

}  // namespace corunner::net
