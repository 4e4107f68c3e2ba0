#include "net/proxy_tunnel.hpp"

#include "net/http_parser.hpp"
#include "net/http_text.hpp"
#include "net/proxy_error.hpp"

#include <fmt/format.h>

namespace corunner::net {

namespace {

awaitable<error_code> open_http_tunnel(stream& wire, dial_target const& target) {
  auto const& proxy = *target.tunnel;
  bool const is_v6 = target.host.find(':') != std::string::npos;
  auto const authority = fmt::format("{}{}{}:{}", is_v6 ? "[" : "", target.host, is_v6 ? "]" : "",
                                     target.port);
  http_fields fields{{"Host", authority}};
  if (!proxy.user.empty() || !proxy.password.empty()) {
    fields.add("Proxy-Authorization", basic_credentials(proxy.user, proxy.password));
  }
  auto const request = request_head_text("CONNECT", authority, fields);
  if (!request) co_return request.error();
  if (error_code const ec = co_await wire.write(asio::buffer(*request))) co_return ec;

  // Byte by byte, so that nothing of the tunnel's own bytes is taken; it is one short head.
  http_parser answer(http_parser::kind::response_to_head, 16 * 1024);
  std::string text;
  while (!answer.head_done()) {
    char next = 0;
    auto const got = co_await wire.read_some(asio::buffer(&next, 1));
    if (!got) co_return got.error();
    text += next;
    auto const took = answer.put(text);
    if (!took) co_return took.error();
    text.erase(0, took->consumed);
  }
  auto const status = answer.head().status;
  co_return status / 100 == 2 ? error_code() : proxy_error(status);
}

}  // namespace

awaitable<error_code> open_tunnel(stream& wire, dial_target const& target) {
  if (target.tunnel->how == dial_tunnel::protocol::socks5) return open_socks5_tunnel(wire, target);
  return open_http_tunnel(wire, target);
}

}  // namespace corunner::net
