#include "net/error.hpp"
#include "net/proxy_error.hpp"
#include "net/proxy_tunnel.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <span>
#include <string>

namespace corunner::net {
namespace {

constexpr std::size_t longest_text = 255;  // a length is one byte everywhere

// Sends `question` and reads exactly as many bytes as `answer` holds.
awaitable<error_code> ask(stream& wire, std::string question, std::span<char> answer) {
  if (error_code const ec = co_await wire.write(asio::buffer(question))) co_return ec;
  while (!answer.empty()) {
    auto const got = co_await wire.read_some(asio::buffer(answer.data(), answer.size()));
    if (!got) co_return got.error();
    answer = answer.subspan(*got);
  }
  co_return error_code();
}

std::string with_length(std::string const& text) { return static_cast<char>(text.size()) + text; }

// Version, CONNECT, reserved, then the type of the address, the address and the port.
std::string connect_request(std::string const& host, std::uint16_t port) {
  std::string out{5, 1, 0};
  auto const put = [&out](char type, auto const& bytes) {
    out += type;
    out.append(bytes.begin(), bytes.end());
  };
  error_code not_numeric;
  auto const address = asio::ip::make_address(host, not_numeric);
  if (not_numeric) {
    put(3, with_length(host));
  } else if (address.is_v4()) {
    put(1, address.to_v4().to_bytes());
  } else {
    put(4, address.to_v6().to_bytes());
  }
  out += static_cast<char>(port >> 8);
  out += static_cast<char>(port & 0xff);
  return out;
}

// How much of a reply follows its first five bytes, of which the last belongs to the address
// already; 0 for an address of unknown type.
std::size_t rest_of_reply(char type, char first) {
  constexpr std::size_t port = 2;
  switch (type) {
    case 1: return 4 - 1 + port;
    case 3: return static_cast<unsigned char>(first) + port;
    case 4: return 16 - 1 + port;
    default: return 0;
  }
}

}  // namespace

awaitable<error_code> open_socks5_tunnel(stream& wire, dial_target const& target) {
  auto const& [how, host, port, secure, user, password] = *target.tunnel;
  bool const known = !user.empty() || !password.empty();
  if (target.host.size() > longest_text || user.size() > longest_text ||
      password.size() > longest_text || (known && user.empty())) {
    co_return errc::bad_field;
  }
  std::array<char, longest_text + 2> answer{};
  std::span<char> const all(answer);

  std::string methods = known ? std::string{5, 2, 0, 2} : std::string{5, 1, 0};
  if (error_code const ec = co_await ask(wire, std::move(methods), all.first(2))) co_return ec;
  if (answer[0] != 5) co_return proxy_error(0);
  if (answer[1] == 2 && known) {
    auto credentials = "\1" + with_length(user) + with_length(password);
    if (error_code const ec = co_await ask(wire, std::move(credentials), all.first(2))) {
      co_return ec;
    }
    if (answer[1] != 0) co_return proxy_error(socks_credentials_refused);
  } else if (answer[1] != 0) {
    co_return proxy_error(socks_no_method);
  }

  auto request = connect_request(target.host, target.port);
  if (error_code const ec = co_await ask(wire, std::move(request), all.first(5))) co_return ec;
  if (answer[0] != 5 || answer[1] < 0 || answer[1] > 8) co_return proxy_error(0);
  if (answer[1] != 0) co_return proxy_error(answer[1]);
  auto const rest = rest_of_reply(answer[3], answer[4]);
  if (rest == 0) co_return proxy_error(0);
  co_return co_await ask(wire, {}, all.first(rest));
}

}  // namespace corunner::net
