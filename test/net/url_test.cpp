#include "net/url.hpp"

#include "net/error.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

TEST_CASE("a URL is taken apart", "[net][url]") {
  struct row {
    char const* text;
    char const* host;
    int port;
    char const* target;
    char const* authority;
  };
  auto const row = GENERATE(values<struct row>({
      {"http://gitlab.example.com", "gitlab.example.com", 80, "/", "gitlab.example.com"},
      {"https://GitLab.Example.com/", "gitlab.example.com", 443, "/", "gitlab.example.com"},
      {"https://h:8443/sub/path?a=b&c=d", "h", 8443, "/sub/path?a=b&c=d", "h:8443"},
      {"http://h:80/x#fragment", "h", 80, "/x", "h"},
      {"http://h?q", "h", 80, "/?q", "h"},
      {"http://[::1]:3000/a", "::1", 3000, "/a", "[::1]:3000"},
      {"http://[2001:db8::1]/", "2001:db8::1", 80, "/", "[2001:db8::1]"},
      {"http://127.0.0.1:9/%41%2fb", "127.0.0.1", 9, "/%41%2fb", "127.0.0.1:9"},
      {"HTTP://h/", "h", 80, "/", "h"},
      {"http://h:/a", "h", 80, "/a", "h"},
      {"http://h/a b/\xc3\xa9?x|y", "h", 80, "/a%20b/%C3%A9?x%7Cy", "h"},
      {"http://under_score.host/", "under_score.host", 80, "/", "under_score.host"},
  }));
  CAPTURE(row.text);
  auto const made = net::parse_url(row.text);
  REQUIRE(made.has_value());
  CHECK(made->host == row.host);
  CHECK(made->port == row.port);
  CHECK(made->target() == row.target);
  CHECK(made->authority() == row.authority);
}

TEST_CASE("what is not an absolute http URL is refused", "[net][url]") {
  struct row {
    char const* text;
    net::errc error;
  };
  auto const row = GENERATE(values<struct row>({
      {"", net::errc::bad_url},
      {"gitlab.example.com", net::errc::bad_url},
      {"/path", net::errc::bad_url},
      {"http://", net::errc::bad_url},
      {"http:///path", net::errc::bad_url},
      {"http:path", net::errc::bad_url},
      {"http://h:99999/", net::errc::bad_url},
      {"http://h:0/", net::errc::bad_url},
      {"http://h:port/", net::errc::bad_url},
      {"http://[::1/", net::errc::bad_url},
      {"http://h/%zz", net::errc::bad_url},
      {"http://h/a\r\nX: y", net::errc::bad_url},
      {"http://a%0db/", net::errc::bad_url},
      {"ftp://h/", net::errc::unsupported_scheme},
      {"ssh://git@h/", net::errc::unsupported_scheme},
  }));
  CAPTURE(row.text);
  CHECK(net::parse_url(row.text).error() == row.error);
}

TEST_CASE("credentials of a URL are decoded, and shown only when asked for", "[net][url]") {
  auto const made = net::parse_url("https://gitlab-ci-token:a%40b%3A@h/x").value();
  CHECK(made.user == "gitlab-ci-token");
  CHECK(made.password == "a@b:");
  CHECK(made.to_string() == "https://h/x");
  CHECK(made.to_string(true) == "https://gitlab-ci-token:a%40b%3A@h/x");
  CHECK(made.origin() == "https://h");
}

TEST_CASE("references are resolved as RFC 3986 says", "[net][url]") {
  struct row {
    char const* reference;
    char const* resolved;
  };
  auto const row = GENERATE(values<struct row>({
      {"http://other/x", "http://other/x"},
      {"//other:81/x", "http://other:81/x"},
      {"/x?y", "http://h/x?y"},
      {"x", "http://h/b/c/x"},
      {"./x", "http://h/b/c/x"},
      {"../x", "http://h/b/x"},
      {"../../../x", "http://h/x"},
      {"?y=1", "http://h/b/c/d?y=1"},
      {"#f", "http://h/b/c/d?q"},
      {"a b", "http://h/b/c/a%20b"},
      {"https://h/x", "https://h/x"},
  }));
  CAPTURE(row.reference);
  auto const base = net::parse_url("http://h/b/c/d?q").value();
  auto const made = net::resolve_url(base, row.reference);
  REQUIRE(made.has_value());
  CHECK(made->to_string() == row.resolved);
}

TEST_CASE("percent encoding goes both ways", "[net][url]") {
  CHECK(net::percent_encode("a b/c?d=é~") == "a%20b%2Fc%3Fd%3D%C3%A9~");
  CHECK(net::percent_decode(net::percent_encode("a b/c?d=é%41~")) == "a b/c?d=é%41~");
  CHECK(net::percent_decode("%4") == "%4");
  CHECK(net::percent_decode("%zz%41") == "%zzA");
}
