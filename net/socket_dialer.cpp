#include "net/proxy_error.hpp"
#include "net/proxy_tunnel.hpp"
#include "net/resolver.hpp"
#include "net/socket_stream.hpp"
#include "net/sockets.hpp"
#include "net/tls_context.hpp"
#include "net/tls_stream.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>

namespace corunner::net {

using made_stream = result<std::unique_ptr<stream>>;
using namespace std::chrono_literals;

struct socket_dialer::state {
  explicit state(time_source& clock) : time(clock) {}

  time_source& time;
  tls_context_cache contexts;

  awaitable<made_stream> connect(dial_target target) {
    if (!target.unix_path.empty()) {
      auto const at = unix_endpoint(target.unix_path);
      if (!at) co_return at.error();
      co_return co_await connect_socket(*at);
    }
    auto const deadline = time.now() + target.connect_limit;
    if (!target.tunnel) co_return co_await connect_host(target.host, target.port, deadline);
    auto made = co_await connect_host(target.tunnel->host, target.tunnel->port, deadline);
    if (!made) co_return made.error();
    if (target.tunnel->secure) {
      made = co_await secure(std::move(*made), target, target.tunnel->host);
      if (!made) co_return made.error();
    }
    if (error_code const ec = co_await open_tunnel(**made, target)) co_return ec;
    co_return std::move(made);
  }

  // TLS with `host` over `lower`, which is an address of it or a tunnel to it.
  awaitable<made_stream> secure(std::unique_ptr<stream> lower, dial_target target,
                                std::string host) {
    auto const context = contexts.get(target.tls.value_or(tls_options()));
    if (!context) co_return context.error();
    co_return co_await with_timeout(
        time, target.handshake_limit,
        tls_connect(std::move(lower), *context, std::move(host), target.explanation));
  }

  awaitable<made_stream> connect_host(std::string host, std::uint16_t port,
                                      time_source::time_point deadline) {
    auto const found = co_await resolve_host(time, host);
    if (!found) co_return found.error();
    error_code last = asio::error::host_not_found;
    for (std::size_t i = 0; i < found->size(); ++i) {
      // An address that swallows packets must leave time for those after it.
      auto const share = (deadline - time.now()) / (found->size() - i);
      auto const limit = std::max<time_source::duration>(share, 2s);
      stream_endpoint const at(asio::ip::tcp::endpoint((*found)[i], port));
      auto made = co_await with_timeout(time, limit, connect_socket(at));
      if (made) co_return std::move(made);
      last = made.error();
      if (last == asio::error::operation_aborted) break;
    }
    co_return last;
  }
};

socket_dialer::socket_dialer(time_source& time) : state_(std::make_unique<state>(time)) {
  state_->contexts.warn = [this](std::string const& text) {
    if (warn) warn(text);
  };
}

socket_dialer::~socket_dialer() = default;

awaitable<made_stream> socket_dialer::dial(dial_target const& target) {
  auto& s = *state_;
  auto made = co_await with_timeout(s.time, target.connect_limit, s.connect(target));
  if (!made && target.tunnel) {
    explain_proxy_failure(target.explanation, target.tunnel->host, target.tunnel->port,
                          made.error());
  }
  if (!made || !target.tls) co_return std::move(made);
  co_return co_await s.secure(std::move(*made), target, target.host);
}

}  // namespace corunner::net
