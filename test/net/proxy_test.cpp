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
      {"http://h/", "a,*,b", ""},
      {"http://h/", "\th\r\n", ""},
      {"http://h:81/", "h:", ""},
      {"https://h/", "h:443", ""},
      {"https://h/", "h:80", "http://secure/"},
      {"http://h/", ":80", "http://plain:3128/"},
      {"http://h:81/", ".h:81", "http://plain:3128/"},
      {"http://a.h:81/", ".h:81", ""},
      {"http://h/", "*.h", "http://plain:3128/"},
      {"http://10.1.2.3:8/", "10.1.2.3:9", "http://plain:3128/"},
      {"http://10.1.2.3:8/", "10.1.2.3:8", ""},
      {"http://[2001:db8::5]/", "2001:0DB8:0::0:5", ""},
      {"http://[::ffff:10.1.2.3]/", "10.0.0.0/8", ""},
      {"http://[::ffff:10.1.2.3]/", "10.1.2.3", ""},
      {"http://[::ffff:127.0.0.1]/", "", ""},
      {"http://10.1.2.3/", "2.3", ""},
      {"http://10.1.2.3/", "10.1.2.3/33,10.1.2", "http://plain:3128/"},
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

TEST_CASE("a proxy may be http, https or socks5, with its own port or that of its kind",
          "[net][proxy]") {
  auto const& [text, origin, port] = GENERATE(table<std::string, std::string, int>({
      {"p", "http://p", 80},
      {"p:3128", "http://p:3128", 3128},
      {"user:pass@p:3128", "http://p:3128", 3128},
      {"HTTPS://p", "https://p", 443},
      {"socks5://p", "socks5://p", 1080},
      {"socks5h://p:80", "socks5h://p:80", 80},
  }));
  CAPTURE(text);
  auto const found =
      net::proxy_settings{text, "", ""}.proxy_for(net::parse_url("http://h/").value());
  REQUIRE(found.has_value());
  CHECK((*found)->origin() == origin);
  CHECK((*found)->port == port);
}

TEST_CASE("a proxy that we cannot use is an error, not a direct connection", "[net][proxy]") {
  auto const target = net::parse_url("http://h/").value();
  CHECK(net::proxy_settings{"socks4://p", "", ""}.proxy_for(target).error() ==
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
