#include "net/static_resolver.hpp"

#include "net/dns_message.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>
#include <fcntl.h>
#include <optional>
#include <random>
#include <tuple>

namespace corunner::net {
namespace {

using asio::ip::udp;
using addresses = std::vector<asio::ip::address>;

// The two questions about one name, and what has come back.
struct lookup {
  struct question {
    dns_type type;
    std::uint16_t id;
    std::optional<result<addresses>> answer;
  };
  std::array<question, 2> questions;

  lookup() {
    std::random_device random;
    auto const id = [&random] { return static_cast<std::uint16_t>(random()); };
    questions = {{{dns_type::a, id(), {}}, {dns_type::aaaa, id(), {}}}};
  }

  bool complete() const { return questions[0].answer && questions[1].answer; }

  void take(std::string_view reply) {
    for (auto& one : questions) {
      if (one.answer) continue;
      auto read = dns_addresses(reply, one.id, one.type);
      if (!read && read.error() == asio::error::invalid_argument) continue;
      one.answer = std::move(read);
      return;
    }
  }

  // What both answers say together; empty while no server gave a definite one.
  std::optional<result<addresses>> outcome() const {
    addresses all;
    bool definite = false;
    for (auto const& one : questions) {
      if (!one.answer) continue;
      if (!*one.answer) {
        definite = definite || one.answer->error() == asio::error::host_not_found;
        continue;
      }
      definite = true;
      all.insert(all.end(), (*one.answer)->begin(), (*one.answer)->end());
    }
    if (!all.empty()) return all;
    if (definite && complete()) return result<addresses>(error_code(asio::error::host_not_found));
    return std::nullopt;
  }
};

awaitable<error_code> exchange(udp::endpoint server, std::string name, lookup& about) {
  udp::socket socket(co_await asio::this_coro::executor);
  error_code ec;
  socket.open(server.protocol(), ec);
  if (ec) co_return ec;
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  socket.connect(server, ec);  // so that the kernel lets only this server's datagrams in
  if (ec) co_return ec;
  for (auto const& one : about.questions) {
    auto const query = dns_query(one.id, name, one.type);
    if (!query) co_return query.error();
    auto const [failed, sent] =
        co_await socket.async_send(asio::buffer(*query), asio::as_tuple(asio::use_awaitable));
    if (failed) co_return failed;
  }
  std::array<char, 1500> reply;
  while (!about.complete()) {
    auto const [failed, size] =
        co_await socket.async_receive(asio::buffer(reply), asio::as_tuple(asio::use_awaitable));
    if (failed) co_return failed;
    about.take({reply.data(), size});
  }
  co_return error_code();
}

// One name: every server in turn until one answers.
awaitable<result<addresses>> ask_about(time_source& time, resolv_conf const& conf, std::string name,
                                       std::uint16_t port) {
  for (unsigned attempt = 0; attempt < conf.attempts; ++attempt) {
    for (auto const& server : conf.servers) {
      lookup about;
      udp::endpoint const at(server, port);
      error_code const ec =
          co_await with_timeout(time, conf.timeout, exchange(at, name, about));
      if (ec == asio::error::operation_aborted) co_return ec;
      if (auto known = about.outcome()) co_return std::move(*known);
      if (ec == asio::error::host_not_found) co_return ec;  // no name at all
    }
  }
  co_return error_code(asio::error::host_not_found_try_again);
}

}  // namespace

awaitable<result<std::vector<asio::ip::address>>> ask_name_servers(time_source& time,
                                                                   resolv_conf conf,
                                                                   std::string host,
                                                                   std::uint16_t server_port) {
  error_code last = asio::error::host_not_found;
  for (auto const& name : names_to_ask(conf, host)) {
    auto found = co_await ask_about(time, conf, name, server_port);
    if (found) co_return found;
    last = found.error();
    if (last != asio::error::host_not_found) break;
  }
  co_return last;
}

}  // namespace corunner::net
