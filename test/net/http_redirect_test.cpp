#include "net/error.hpp"
#include "net/http_client.hpp"
#include "test/net/http_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fmt/format.h>

using namespace corunner;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using test::http_world;

namespace {

std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string redirect(int status, std::string const& location) {
  return fmt::format("HTTP/1.1 {} Moved\r\nLocation: {}\r\nContent-Length: 4\r\n\r\nmove", status,
                     location);
}

}  // namespace

TEST_CASE("a redirect keeps or changes the method by its status", "[net][redirect]") {
  struct row {
    int status;
    char const* method;
    char const* then;
    bool body_again;
  };
  auto const row = GENERATE(values<struct row>({
      {301, "GET", "GET", false},
      {302, "HEAD", "HEAD", false},
      {301, "POST", "GET", false},
      {302, "PUT", "GET", false},
      {303, "PATCH", "GET", false},
      {307, "POST", "POST", true},
      {308, "PUT", "PUT", true},
  }));
  CAPTURE(row.status, row.method);
  http_world world;
  bool const has_body = std::string(row.method) != "GET" && std::string(row.method) != "HEAD";
  auto reply = redirect(row.status, "/next?x=1");
  if (std::string(row.method) == "HEAD") reply.resize(reply.size() - 4);
  auto& peer = world.script("h", 80, {{reply, ok}});
  auto request = has_body ? world.post("http://h/a", "content") : world.get("http://h/a");
  request.method = row.method;
  request.fields.add("Content-Type", "text/plain");
  auto const got = world.fetch(std::move(request));
  CHECK(got.status == 200);
  CHECK(got.final_url.to_string() == "http://h/next?x=1");
  REQUIRE(peer.received.size() == 2);
  CHECK_THAT(peer.received[1], StartsWith(std::string(row.then) + " /next?x=1 HTTP/1.1\r\n"));
  if (row.body_again) {
    CHECK_THAT(peer.received[1], EndsWith("\r\n\r\ncontent"));
  } else if (has_body) {
    CHECK_THAT(peer.received[1], !ContainsSubstring("Content-"));
  }
  CHECK(peer.accepted == 1);  // the redirect's own body was read away
}

TEST_CASE("credentials stay at their origin", "[net][redirect]") {
  auto const location =
      GENERATE(as<std::string>(), "http://other/x", "http://h:81/x", "https://h/x");
  CAPTURE(location);
  http_world world;
  auto const next = net::parse_url(location).value();
  auto& first = world.script("h", 80, {{redirect(307, location)}});
  auto& second = world.script(next.host, next.port, {{ok}});
  auto request = world.get("http://h/a");
  for (auto const name :
       {"Authorization", "Cookie", "JOB-TOKEN", "Runner-Token", "PRIVATE-TOKEN"}) {
    request.fields.add(name, "secret");
  }
  request.fields.add("X-Request-Id", "42");
  world.fetch(std::move(request));
  CHECK_THAT(first.received[0], ContainsSubstring("JOB-TOKEN: secret"));
  CHECK_THAT(second.received[0],
             !ContainsSubstring("secret") && ContainsSubstring("X-Request-Id: 42"));
}

TEST_CASE("credentials that were dropped do not come back on the way home", "[net][redirect]") {
  http_world world;
  auto& home = world.script("h", 80, {{redirect(302, "http://other/"), ok}, {ok}});
  world.script("other", 80, {{redirect(302, "http://h/back")}});
  auto request = world.get("http://h/a");
  request.fields.add("JOB-TOKEN", "secret");
  CHECK(world.fetch(std::move(request)).body == "ok");
  CHECK_THAT(home.received.back(), !ContainsSubstring("secret"));
}

TEST_CASE("credentials follow a redirect within their origin", "[net][redirect]") {
  http_world world;
  auto& peer = world.script("h", 80, {{redirect(302, "http://H:80/b"), ok}});
  auto request = world.get("http://h/a");
  request.fields.add("JOB-TOKEN", "secret");
  world.fetch(std::move(request));
  CHECK_THAT(peer.received.at(1), ContainsSubstring("secret"));
}

TEST_CASE("nine redirects are followed, the tenth is refused", "[net][redirect]") {
  auto const hops = GENERATE(9, 10);
  http_world world;
  std::vector<std::string> replies(static_cast<std::size_t>(hops), redirect(302, "/again"));
  replies.push_back(ok);
  world.script("h", 80, {replies});
  auto const got = world.fetch(world.get("http://h/"));
  if (hops == 9) CHECK(got.body == "ok");
  else CHECK(got.error == net::errc::too_many_redirects);
}

TEST_CASE("a redirect is returned as it is when it cannot or must not be followed",
          "[net][redirect]") {
  http_world world;
  world.script("h", 80, {{"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", redirect(302, "/x"),
                          redirect(304, "/x"), redirect(302, "ftp://h/x")}});
  CHECK(world.fetch(world.get("http://h/")).status == 302);
  auto request = world.get("http://h/");
  request.follow_redirects = false;
  auto const got = world.fetch(std::move(request));
  CHECK(got.status == 302);
  CHECK(got.body == "move");
}

TEST_CASE("a redirect to another scheme is an error", "[net][redirect]") {
  http_world world;
  world.script("h", 80, {{redirect(302, "ftp://h/x")}});
  CHECK(world.fetch(world.get("http://h/")).error == net::errc::unsupported_scheme);
}
