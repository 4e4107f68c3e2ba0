#include "net/proxy_tunnel.hpp"

#include "net/error.hpp"
#include "net/http_parser.hpp"
#include "net/http_text.hpp"

#include <fmt/format.h>

namespace corunner::net {

awaitable<error_code> open_tunnel(stream& wire, dial_target const& target) {
  bool const is_v6 = target.host.find(':') != std::string::npos;
  auto const authority = fmt::format("{}{}{}:{}", is_v6 ? "[" : "", target.host, is_v6 ? "]" : "",
                                     target.port);
  http_fields fields{{"Host", authority}};
  if (!target.tunnel->authorization.empty()) {
    fields.add("Proxy-Authorization", target.tunnel->authorization);
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
  co_return answer.head().status / 100 == 2 ? error_code() : error_code(errc::proxy_refused);
}

}  // namespace corunner::net
