#pragma once

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/sockets.hpp"
#include "net/task_group.hpp"
#include "net/tls_stream.hpp"
#include "test/support/test_authority.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace corunner::test {

// Runs `work` on real sockets to its end.
template <class T>
T run(asio::io_context& io, awaitable<T> work) {
  std::optional<T> value;
  std::exception_ptr failure;
  asio::co_spawn(io, std::move(work), [&](std::exception_ptr why, T got) {
    failure = why;
    value = std::move(got);
    io.stop();
  });
  io.restart();
  io.run_for(std::chrono::seconds(20));
  if (failure) std::rethrow_exception(failure);
  REQUIRE(value.has_value());
  return std::move(*value);
}

inline std::uint16_t port_of(net::listener const& at) {
  auto const text = at.address();
  return static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1)));
}

// TLS on every connection that another listener accepts.
class tls_listener final : public net::listener {
 public:
  tls_listener(net::listener& lower, test_authority::pair const& files)
      : lower_(lower), context_(SSL_CTX_new(TLS_server_method()), net::ssl_context_deleter()) {
    SSL_CTX_use_certificate_chain_file(context_.get(), files.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context_.get(), files.key.c_str(), SSL_FILETYPE_PEM);
  }
  void ask_client(std::filesystem::path const& authority) {
    SSL_CTX_load_verify_file(context_.get(), authority.c_str());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  void only_version(int version) { SSL_CTX_set_max_proto_version(context_.get(), version); }

  awaitable<result<std::unique_ptr<net::stream>>> accept() override {
    auto plain = co_await lower_.accept();
    if (!plain) co_return plain.error();
    auto secured = co_await net::tls_accept(std::move(*plain), context_);
    co_return secured ? std::move(secured) : error_code(asio::error::connection_aborted);
  }
  std::string address() const override { return lower_.address(); }
  void close() noexcept override { lower_.close(); }

 private:
  net::listener& lower_;
  net::ssl_context context_;
};

inline awaitable<void> hello(net::http_exchange& exchange) {
  auto const body = co_await exchange.read_all(64 << 20);
  auto text = exchange.method + ' ' + std::to_string(body ? body->size() : 0);
  co_await exchange.respond(200, {}, std::move(text));
}

inline awaitable<std::string> fetch(net::http_client& client, net::http_request request) {
  std::string explanation;
  if (!request.explanation) request.explanation = &explanation;
  auto response = co_await client.send(std::move(request));
  if (!response) {
    co_return "error: " + (explanation.empty() ? response.error().message() : explanation);
  }
  auto const body = co_await response->read_all(64 << 20);
  co_return body ? *body : "error: " + body.error().message();
}

// A client and a server on real sockets of this machine.
struct real_world {
  asio::io_context io;
  net::real_time time;
  net::socket_dialer dialer{time};
  net::http_client client{dialer, time, {.user_agent = "tests"}};
  net::http_server server{io.get_executor(), time, hello};
  std::unique_ptr<net::listener> plain;
  std::optional<tls_listener> secured;
  net::task_group children{io.get_executor()};

  // Serves on a free port of `host`, which is returned.
  std::uint16_t serve(std::string const& host) {
    plain = net::listen_tcp(io.get_executor(), host, 0).value();
    children.spawn(server.serve(*plain));
    return port_of(*plain);
  }
  tls_listener& serve_tls(test_authority::pair const& files) {
    plain = net::listen_tcp(io.get_executor(), "127.0.0.1", 0).value();
    secured.emplace(*plain, files);
    children.spawn(server.serve(*secured));
    return *secured;
  }
  std::string tls_url(std::string const& host) const {
    return "https://" + host + ":" + std::to_string(port_of(*plain)) + "/";
  }

  ~real_world() { run(io, stop()); }
  awaitable<bool> stop() {
    server.stop();
    co_await server.drain(std::chrono::seconds(0));
    children.cancel();
    co_await children.join();
    co_return true;
  }
  std::string get(std::string const& target, std::optional<net::tls_options> tls = {}) {
    net::http_request request;
    request.target = net::parse_url(target).value();
    request.tls = std::move(tls);
    return run(io, fetch(client, std::move(request)));
  }
};

}  // namespace corunner::test
