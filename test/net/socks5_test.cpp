// The SOCKS5 client against a proxy of few words: fixed bytes out, what came in is kept.

#include "net/error.hpp"
#include "net/proxy_error.hpp"
#include "net/proxy_tunnel.hpp"
#include "test/net/http_world.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace corunner;
using namespace std::string_literals;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

struct outcome {
  bool done = false;
  error_code error;
  std::string received;   // by the proxy
  std::string left_over;  // what the stream gives after the tunnel stands
};

awaitable<void> open(net::stream& wire, net::dial_target target, outcome& into) {
  into.error = co_await net::open_tunnel(wire, target);
  into.done = true;
  if (into.error) co_return;
  std::string bytes(100, '\0');
  auto const got = co_await wire.read_some(asio::buffer(bytes));
  if (got) into.left_over = bytes.substr(0, *got);
}

awaitable<void> collect(net::stream& from, std::string& into) {
  std::string bytes(1000, '\0');
  while (true) {
    auto const got = co_await from.read_some(asio::buffer(bytes));
    if (!got) co_return;
    into.append(bytes, 0, *got);
  }
}

struct socks_case {
  std::string host = "git.example";
  std::string user;
  std::string password;
  std::string replies;
  bool ends = true;  // the proxy closes after its replies
};

// All replies are there from the start, so the order of what is sent is our client's own.
outcome run(socks_case what, std::uint64_t split_seed) {
  asio::io_context io;
  net::task_group children(io.get_executor());
  test::pipe_options how;
  how.to_first.split_seed = split_seed;
  auto pipe = test::make_pipe(io.get_executor(), how);
  outcome seen;
  net::dial_target target{.host = what.host, .port = 0x1234};
  target.tunnel = net::dial_tunnel{.how = net::dial_tunnel::protocol::socks5,
                                   .user = what.user,
                                   .password = what.password};
  children.spawn(open(*pipe.first, target, seen));
  children.spawn(collect(*pipe.second, seen.received));
  auto const reply = [](net::stream& to, std::string bytes, bool ends) -> awaitable<void> {
    co_await to.write(asio::buffer(bytes));
    if (ends) co_await to.shutdown_write();
  };
  test::run_to_end(io, reply(*pipe.second, what.replies, what.ends));
  test::settle(io);
  children.cancel();
  test::run_to_end(io, children.join());
  return seen;
}

std::string const connected = "\5\0\0\1\x7f\0\0\1\0\x50"s;

}  // namespace

TEST_CASE("a socks5 proxy is asked for the target, and takes nothing of its bytes",
          "[net][socks5]") {
  struct row {
    char const* what;
    socks_case one;
    std::string sent;
  };
  auto const name_request = "\5\1\0\3\x0bgit.example\x12\x34"s;
  auto const row = GENERATE_COPY(values<struct row>({
      {"a name", {.replies = "\5\0"s + connected}, "\5\1\0"s + name_request},
      {"an address",
       {.host = "10.1.2.3", .replies = "\5\0"s + connected},
       "\5\1\0\5\1\0\1\x0a\1\2\3\x12\x34"s},
      {"an IPv6 address",
       {.host = "2001:db8::5", .replies = "\5\0"s + connected},
       "\5\1\0\5\1\0\4\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\5\x12\x34"s},
      {"a user",
       {.user = "me", .password = "secret", .replies = "\5\2\1\0"s + connected},
       "\5\2\0\2\1\2me\6secret"s + name_request},
      {"a user without password",
       {.user = "me", .replies = "\5\2\1\0"s + connected},
       "\5\2\0\2\1\2me\0"s + name_request},
      {"a user that nobody asks for",
       {.user = "me", .password = "secret", .replies = "\5\0"s + connected},
       "\5\2\0\2"s + name_request},
      {"a bound name", {.replies = "\5\0\5\0\0\3\3abc\0\1"s}, "\5\1\0"s + name_request},
      {"a bound name that is empty", {.replies = "\5\0\5\0\0\3\0\0\1"s}, "\5\1\0"s + name_request},
      {"a bound IPv6 address",
       {.replies = "\5\0\5\0\0\4"s + std::string(18, 'x')},
       "\5\1\0"s + name_request},
  }));
  auto const seed = GENERATE(std::uint64_t(1), 2, 3);
  CAPTURE(row.what, seed);
  auto one = row.one;
  one.replies += "T";  // the first byte of the target
  auto const seen = run(one, seed);
  CHECK(seen.error == error_code());
  CHECK(seen.received == row.sent);
  CHECK(seen.left_over == "T");
}

TEST_CASE("what a socks5 proxy may answer instead", "[net][socks5]") {
  struct row {
    char const* what;
    socks_case one;
    error_code error;
  };
  auto const row = GENERATE(values<struct row>({
      {"refused", {.replies = "\5\0\5\2\0\1\0\0\0\0\0\0"s}, net::proxy_error(2)},
      {"connection refused", {.replies = "\5\0\5\5\0\1\0\0\0\0\0\0"s}, net::proxy_error(5)},
      {"an unknown reply", {.replies = "\5\0\5\x09\0\1\0\0\0\0\0\0"s}, net::proxy_error(0)},
      {"an unknown type of address", {.replies = "\5\0\5\0\0\2\0\0\0\0\0\0"s}, net::proxy_error(0)},
      {"wrong credentials",
       {.user = "me", .password = "x", .replies = "\5\2\1\1"s},
       net::proxy_error(net::socks_credentials_refused)},
      {"credentials that we have not",
       {.replies = "\5\2"s},
       net::proxy_error(net::socks_no_method)},
      {"no method", {.user = "me", .replies = "\5\xff"s}, net::proxy_error(net::socks_no_method)},
      {"another protocol", {.replies = "HTTP/1.1 400 Bad Request\r\n\r\n"s}, net::proxy_error(0)},
      {"SOCKS4", {.replies = "\0\x5b"s}, net::proxy_error(0)},
      {"the end at once", {}, asio::error::eof},
      {"the end in its reply", {.replies = "\5\0\5\0\0\1\x7f\0"s}, asio::error::eof},
      {"a name that is too long", {.host = std::string(256, 'x')}, net::errc::bad_field},
      {"a password that is too long",
       {.user = "me", .password = std::string(256, 'x')},
       net::errc::bad_field},
      {"a password without a user", {.password = "x"}, net::errc::bad_field},
  }));
  CAPTURE(row.what);
  auto const seen = run(row.one, 1);
  REQUIRE(seen.done);
  CHECK(seen.error == row.error);
}

TEST_CASE("every reply of a socks5 proxy has its text", "[net][socks5]") {
  for (int reply = 0; reply <= net::socks_no_method; ++reply) {
    CHECK(net::proxy_error(reply).message().size() >
          std::string("the proxy did not open a tunnel: ").size());
  }
  CHECK_THAT(net::proxy_error(5).message(), ContainsSubstring("connection refused"));
}

TEST_CASE("a socks5 proxy serves plain targets, too, which see an ordinary request",
          "[net][socks5]") {
  test::http_world world;
  world.script("p", 1080, {{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}});
  net::http_client::options how;
  how.proxies.http = "socks5://user:pass@p";
  net::http_client client(world.network, world.time, how);
  // The network in memory knows no tunnels: it shows what a dialer is told.
  auto const send = [](net::http_client& by, net::http_request what) -> awaitable<void> {
    (void)co_await by.send(std::move(what));
  };
  test::run_to_end(world.io, send(client, world.get("http://h:81/a?b")));
  auto const& target = world.network.dialed().at(0);
  CHECK(target.host == "h");
  CHECK(target.port == 81);
  REQUIRE(target.tunnel);
  CHECK(target.tunnel->how == net::dial_tunnel::protocol::socks5);
  CHECK(target.tunnel->host == "p");
  CHECK(target.tunnel->port == 1080);
  CHECK(target.tunnel->user == "user");
  CHECK(target.tunnel->password == "pass");
}
