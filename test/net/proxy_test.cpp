#include "net/proxy.hpp"

#include "net/error.hpp"
#include "net/proxy_tunnel.hpp"
#include "test/net/http_world.hpp"
#include "test/net/real_world.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace corunner;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

TEST_CASE("a proxy is chosen by scheme, and not for what NO_PROXY names", "[net][proxy]") {
  struct row {
    char const* target;
    char const* no_proxy;
    char const* proxy;  // "": none
  };
  auto const row = GENERATE(values<struct row>({
      {"http://h/", "", "http://plain:3128/"},
      {"https://h/", "", "http://secure/"},
      {"http://localhost/", "", ""},
      {"http://127.0.0.9/", "", ""},
      {"http://[::1]/", "", ""},
      {"http://h/", "*", ""},
      {"http://h/", "other, h", ""},
      {"http://a.h/", "h", ""},
      {"http://ah/", "h", "http://plain:3128/"},
      {"http://h/", ".h", "http://plain:3128/"},
      {"http://a.h/", ".H", ""},
      {"http://a.h/", "*.h", ""},
      {"http://h:81/", "h:80", "http://plain:3128/"},
      {"http://h:81/", "h:81", ""},
      {"http://10.1.2.3/", "10.0.0.0/8", ""},
      {"http://11.1.2.3/", "10.0.0.0/8", "http://plain:3128/"},
      {"http://10.1.2.3/", "10.1.2.3", ""},
      {"http://[2001:db8::5]/", "2001:db8::/32", ""},
      {"http://[2001:db8::5]/", "2001:db8::5", ""},
      {"http://[2001:db8::5]:8/", "[2001:db8::5]:8", ""},
      {"http://h/", "10.0.0.0/8,::/0,,", "http://plain:3128/"},
  }));
  CAPTURE(row.target, row.no_proxy);
  net::proxy_settings const settings{"plain:3128", "http://secure", row.no_proxy};
  auto const found = settings.proxy_for(net::parse_url(row.target).value());
  REQUIRE(found.has_value());
  CHECK((*found ? (*found)->to_string() : "") == row.proxy);
}

TEST_CASE("proxies are read from the environment, upper case first", "[net][proxy]") {
  std::map<std::string, std::string, std::less<>> const all{
      {"HTTP_PROXY", "a"}, {"http_proxy", "b"}, {"HTTPS_PROXY", ""}, {"https_proxy", "c"}};
  auto const settings = net::read_proxy_environment(
      [&all](std::string_view name) -> std::optional<std::string> {
        auto const found = all.find(name);
        if (found == all.end()) return std::nullopt;
        return found->second;
      });
  CHECK(settings.http == "a");
  CHECK(settings.https == "c");
  CHECK(settings.no_proxy.empty());
}

TEST_CASE("a proxy that we cannot use is an error, not a direct connection", "[net][proxy]") {
  auto const target = net::parse_url("http://h/").value();
  CHECK(net::proxy_settings{"socks5://p", "", ""}.proxy_for(target).error() ==
        net::errc::unsupported_scheme);
  CHECK(net::proxy_settings{"https://p", "", ""}.proxy_for(target).error() ==
        net::errc::unsupported_scheme);
  CHECK(net::proxy_settings{"http://p:x", "", ""}.proxy_for(target).error() == net::errc::bad_url);
}

TEST_CASE("a plain request goes to the proxy with its whole URL", "[net][proxy]") {
  test::http_world world;
  auto& proxy = world.script("p", 3128, {{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}});
  net::http_client::options how;
  how.proxies.http = "http://user:pass@p:3128";
  net::http_client client(world.network, world.time, how);
  auto const send = [](net::http_client& by, net::http_request what) -> awaitable<void> {
    auto const response = co_await by.send(std::move(what));
    CHECK(response->status == 200);
  };
  test::run_to_end(world.io, send(client, world.get("http://h:81/a?b")));
  CHECK_THAT(proxy.received.at(0),
             StartsWith("GET http://h:81/a?b HTTP/1.1\r\nHost: h:81\r\n") &&
                 ContainsSubstring("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
}

namespace {

// A proxy for one CONNECT: answers with `status` and then shovels bytes both ways.
awaitable<void> tunnel_once(net::listener& at, net::dialer& to, std::uint16_t port,
                            std::string& asked, std::string status) {
  using namespace asio::experimental::awaitable_operators;
  auto const near = (co_await at.accept()).value();
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
  auto const shovel = [](net::stream& from, net::stream& into) -> awaitable<error_code> {
    std::string bytes(4096, '\0');
    while (true) {
      auto const got = co_await from.read_some(asio::buffer(bytes));
      if (!got) co_return got.error();
      if (error_code const ec = co_await into.write(asio::buffer(bytes.data(), *got))) co_return ec;
    }
  };
  co_await (shovel(*near, *far) || shovel(*far, *near));
}

}  // namespace

TEST_CASE("TLS goes through a tunnel of the proxy", "[net][proxy][tls]") {
  auto const status = GENERATE(as<std::string>(), "200 Connection established", "403 Forbidden");
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  std::string asked;
  test::real_world world;
  world.serve_tls(authority.issue("server", "DNS:git.example"));
  auto const proxy = net::listen_tcp(world.io.get_executor(), "127.0.0.1", 0).value();
  world.children.spawn(
      tunnel_once(*proxy, world.dialer, test::port_of(*world.plain), asked, status));
  net::http_client::options how;
  how.proxies.https = "http://me:secret@" + proxy->address();
  net::http_client client(world.dialer, world.time, how);
  net::http_request request;
  request.target = net::parse_url("https://git.example/").value();
  request.tls = net::tls_options{authority.file(), {}, {}};
  auto const text = test::run(world.io, test::fetch(client, std::move(request)));
  CHECK_THAT(asked, StartsWith("CONNECT git.example:443 HTTP/1.1\r\nHost: git.example:443\r\n"
                               "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"));
  if (status.starts_with("200")) CHECK(text == "GET 0");
  else CHECK_THAT(text, ContainsSubstring("the proxy did not open a tunnel"));
}
