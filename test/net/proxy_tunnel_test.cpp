// Proxies that tunnel, played by the test on real sockets: CONNECT in the clear and through TLS.

#include "net/proxy_error.hpp"
#include "test/net/real_world.hpp"
#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace corunner;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

awaitable<error_code> shovel(net::stream& from, net::stream& into) {
  std::string bytes(4096, '\0');
  while (true) {
    auto const got = co_await from.read_some(asio::buffer(bytes));
    if (!got) co_return got.error();
    if (error_code const ec = co_await into.write(asio::buffer(bytes.data(), *got))) co_return ec;
  }
}

// A proxy for one CONNECT: answers with `status` and then shovels bytes both ways.
awaitable<void> tunnel_once(net::listener& at, net::dialer& to, std::uint16_t port,
                            std::string& asked, std::string status) {
  using namespace asio::experimental::awaitable_operators;
  auto const accepted = co_await at.accept();
  if (!accepted) co_return;
  auto const& near = *accepted;
  std::string piece(4096, '\0');
  while (asked.find("\r\n\r\n") == std::string::npos) {
    auto const got = co_await near->read_some(asio::buffer(piece));
    if (!got) co_return;
    asked.append(piece, 0, *got);
  }
  auto const answer = "HTTP/1.1 " + status + "\r\n\r\n";
  co_await near->write(asio::buffer(answer));
  net::dial_target const target{.host = "127.0.0.1", .port = port};
  auto const far = (co_await to.dial(target)).value();
  co_await (shovel(*near, *far) || shovel(*far, *near));
}

net::http_request request_for(std::string const& target, test::test_authority const& trusted,
                              std::string& explanation) {
  net::http_request request;
  request.target = net::parse_url(target).value();
  request.tls = net::tls_options{trusted.file(), {}, {}};
  request.explanation = &explanation;
  return request;
}

}  // namespace

TEST_CASE("TLS goes through a tunnel of the proxy, which may want TLS itself",
          "[net][proxy][tls]") {
  bool const secure = GENERATE(false, true);
  CAPTURE(secure);
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  std::string asked, explanation;
  test::real_world world;
  world.serve_tls(authority.issue("server", "DNS:git.example"));
  auto const plain = net::listen_tcp(world.io.get_executor(), "127.0.0.1", 0).value();
  test::tls_listener secured(*plain, authority.issue("proxy", "IP:127.0.0.1"));
  net::listener& proxy = secure ? static_cast<net::listener&>(secured) : *plain;
  world.children.spawn(tunnel_once(proxy, world.dialer, test::port_of(*world.plain), asked,
                                   "200 Connection established"));
  net::http_client::options how;
  how.proxies.https = (secure ? "https" : "http") + ("://me:secret@" + proxy.address());
  net::http_client client(world.dialer, world.time, how);
  CHECK(test::run(world.io, test::fetch(client, request_for("https://git.example/", authority,
                                                            explanation))) == "GET 0");
  CHECK_THAT(asked, StartsWith("CONNECT git.example:443 HTTP/1.1\r\nHost: git.example:443\r\n"
                               "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"));
  CHECK(explanation.empty());
}

TEST_CASE("a plain request reaches an https proxy through TLS", "[net][proxy][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  std::string explanation;
  test::real_world world;
  world.serve_tls(authority.issue("proxy", "IP:127.0.0.1"));
  net::http_client::options how;
  how.proxies.http = "https://" + world.plain->address();
  net::http_client client(world.dialer, world.time, how);
  CHECK(test::run(world.io, test::fetch(client, request_for("http://git.example/", authority,
                                                            explanation))) == "GET 0");
}

TEST_CASE("a failure of the proxy is told as its own, not as the target's", "[net][proxy]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  test::test_authority other(directory.path(), "other authority");
  std::string asked, explanation;
  test::real_world world;
  auto proxy = net::listen_tcp(world.io.get_executor(), "127.0.0.1", 0).value();
  auto const address = proxy->address();
  net::http_client::options how;
  how.proxies = {"http://" + address, "http://" + address, ""};
  SECTION("it refuses") {
    world.children.spawn(tunnel_once(*proxy, world.dialer, test::port_of(*proxy), asked,
                                     "407 Proxy Authentication Required"));
    net::http_client client(world.dialer, world.time, how);
    CHECK(test::run(world.io,
                    test::fetch(client, request_for("https://h/", authority, explanation))) ==
          "error: " + net::proxy_error(407).message());
    CHECK(explanation == "proxyconnect tcp: " + address + ": the proxy did not open a tunnel: "
                         "407 Proxy Authentication Required");
  }
  SECTION("it is away") {
    proxy->close();
    proxy.reset();
    net::http_client client(world.dialer, world.time, how);
    auto const target = GENERATE(as<std::string>(), "https://h/", "http://h/");
    test::run(world.io, test::fetch(client, request_for(target, authority, explanation)));
    CHECK(explanation == "proxyconnect tcp: " + address + ": Connection refused");
  }
  SECTION("its certificate is not trusted") {
    how.proxies = {"https://" + address, "https://" + address, ""};
    test::tls_listener secured(*proxy, other.issue("proxy", "IP:127.0.0.1"));
    world.children.spawn(tunnel_once(secured, world.dialer, 1, asked, "200 OK"));
    net::http_client client(world.dialer, world.time, how);
    test::run(world.io, test::fetch(client, request_for("https://h/", authority, explanation)));
    CHECK_THAT(explanation, StartsWith("proxyconnect tcp: " + address + ": ") &&
                                ContainsSubstring("x509: certificate signed by unknown authority"));
  }
}
