#include "runner/wrapper/control_address.hpp"

#include "net/sockets.hpp"
#include "runner/wrapper/request_uri.hpp"
#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <boost/asio/io_context.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

using namespace corunner;
using Catch::Matchers::StartsWith;

namespace {

// "tcp HOST", "unix PATH", or the message.
std::string read(std::string_view text) {
  auto const got = parse_control_address(text);
  if (!got) return got.error().message;
  return got->on_unix ? "unix " + got->unix_path.string() : "tcp " + got->host;
}

struct listening {
  asio::io_context io;
  std::unique_ptr<net::listener> at;

  // Where it listens, or the message.
  std::string open(std::string_view text) {
    auto made = listen_for_control(io.get_executor(), parse_control_address(text).value());
    if (!made) return made.error().message;
    at = std::move(*made);
    return at->address();
  }
};

}  // namespace

TEST_CASE("a control address is a TCP or a unix one", "[wrapper]") {
  std::pair<char const*, char const*> const good[] = {
      {"tcp://localhost:7777", "tcp localhost:7777"},
      {"TCP://h:1", "tcp h:1"},
      {"tcp://[::1]:0", "tcp [::1]:0"},
      {"tcp://[fe80::1%25lo]:0", "tcp [fe80::1%lo]:0"},
      {"tcp://:0", "tcp :0"},
      {"tcp://", "tcp "},
      {"tcp:/x", "tcp "},
      {"tcp://user:p%41ss@h:1", "tcp h:1"},
      {"tcp://127.0.0.1:0/path?x=1", "tcp 127.0.0.1:0"},
      {"tcp://x<y\":1", "tcp x<y\":1"},
      {"tcp://%25:1", "tcp %:1"},
      {"unix:///tmp/s", "unix /tmp/s"},
      {"unix:/tmp/s", "unix /tmp/s"},
      {"unix://host/tmp/s", "unix /tmp/s"},
      {"unix:/tmp/x%20y", "unix /tmp/x y"},
      {"unix:///tmp/x?y#z", "unix /tmp/x"},
      {"unix:here", "unix here"},
      {"unix://", "unix "},
  };
  for (auto const& [text, expected] : good) {
    CAPTURE(text);
    CHECK(read(text) == expected);
  }
}

// As Go 1.26 words them.
TEST_CASE("a control address that cannot be read says why", "[wrapper]") {
  std::pair<std::string, char const*> const bad[] = {
      {"", "empty url"},
      {"foo", "invalid URI for request"},
      {"127.0.0.1:7777", "invalid URI for request"},
      {"1tcp://x", "invalid URI for request"},
      {"t_p://x", "invalid URI for request"},
      {":7777", "missing protocol scheme"},
      {"tcp://%zz", R"(invalid URL escape "%zz")"},
      {"tcp://lo%63al:1", R"(invalid URL escape "%63")"},
      {"tcp://x/%zz", R"(invalid URL escape "%zz")"},
      {"unix:/tmp/%z", R"(invalid URL escape "%z")"},
      {"tcp://user:p%zz@localhost:0", R"(invalid URL escape "%zz")"},
      {"tcp://us er@localhost:1", "net/url: invalid userinfo"},
      {"tcp://localhost:abc", R"(invalid port ":abc" after host)"},
      {"tcp://localhost:-1", R"(invalid port ":-1" after host)"},
      {"tcp://localhost:0#f", R"(invalid port ":0#f" after host)"},
      {"tcp://[::1", "missing ']' in host"},
      {"tcp://[::1]x", R"(invalid port "x" after host)"},
      {"tcp://[x]:1", R"(invalid host: ParseAddr("x"): unable to parse IP)"},
      {"tcp://[fe80::1%lo]:0", R"(invalid URL escape "%lo")"},
      {"tcp://a b:1", R"(invalid character " " in host name)"},
  };
  for (auto const& [text, why] : bad) {
    CAPTURE(text);
    CHECK(read(text) == "failed to parse grpc-listen address: parse \"" + text + "\": " + why);
  }
  CHECK(read("tcp://x\\y:1") == "failed to parse grpc-listen address: parse \"tcp://x\\\\y:1\": "
                                "invalid character \"\\\\\" in host name");
  CHECK(read("a\x01") == "failed to parse grpc-listen address: parse \"a\\x01\": "
                         "net/url: invalid control character in URL");
}

TEST_CASE("a control address of another scheme is unsupported", "[wrapper]") {
  CHECK(read("http://x") == "unsupported grpc-listen address scheme: http");
  CHECK(read("localhost:7777") == "unsupported grpc-listen address scheme: localhost");
  CHECK(read("/path") == "unsupported grpc-listen address scheme: ");
  CHECK(read("*") == "unsupported grpc-listen address scheme: ");
}

TEST_CASE("a control server listens on TCP, where told", "[wrapper]") {
  listening here;
  CHECK_THAT(here.open("tcp://localhost:0"), StartsWith("127.0.0.1:"));
  CHECK_THAT(here.open("tcp://localhost:"), StartsWith("127.0.0.1:"));
  auto const first = here.open("tcp://127.0.0.1:0");
  listening there;
  CHECK(there.open("tcp://" + first) == "listen tcp " + first + ": bind: address already in use");
  auto const port = first.substr(first.find(':'));
  CHECK(there.open("tcp://localhost" + port) ==
        "listen tcp " + first + ": bind: address already in use");
}

TEST_CASE("a TCP address that cannot be listened on says why", "[wrapper]") {
  listening here;
  CHECK(here.open("tcp://localhost") == "listen tcp: address localhost: missing port in address");
  CHECK(here.open("tcp://[::1]") == "listen tcp: address [::1]: missing port in address");
  CHECK(here.open("tcp://::1:7777") == "listen tcp: address ::1:7777: too many colons in address");
  CHECK(here.open("tcp://localhost:99999") == "listen tcp: address 99999: invalid port");
  CHECK(here.open("tcp://nohost.invalid:1") == "listen tcp: lookup nohost.invalid: no such host");
  CHECK(here.open("tcp://1.1.1.1:7777") ==
        "listen tcp 1.1.1.1:7777: bind: cannot assign requested address");
}

TEST_CASE("a control server's socket file is removed at its end", "[wrapper]") {
  test::temporary_directory directory;
  auto const path = directory.path() / "s";
  listening here;
  here.open("unix://" + path.string());
  CHECK(std::filesystem::is_socket(path));
  here.at->close();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a socket file is replaced only if nobody listens on it", "[wrapper]") {
  test::temporary_directory directory;
  auto const path = directory.path() / "s";
  auto const url = "unix:" + path.string();
  auto const in_use = "listen unix " + path.string() + ": bind: address already in use";
  listening here;
  listening there;
  here.open(url);
  CHECK(there.open(url) == in_use);
  CHECK(std::filesystem::is_socket(path));
  here.at->close();

  // One that a dead process left behind.
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
  int const left = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(left, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
  ::close(left);
  CHECK_THAT(there.open(url), StartsWith("unix:"));
  there.at->close();

  // No socket at all.
  std::ofstream(path) << "mine";
  CHECK(there.open(url) == in_use);
  CHECK(std::filesystem::is_regular_file(path));
}

TEST_CASE("a unix address that cannot be listened on says why", "[wrapper]") {
  listening here;
  CHECK(here.open("unix:///nonexistent/s") ==
        "listen unix /nonexistent/s: bind: no such file or directory");
  CHECK(here.open("unix://") == "listen unix : bind: invalid argument");
  auto const too_long = "/tmp/" + std::string(200, 'a');
  CHECK(here.open("unix://" + too_long) == "listen unix " + too_long + ": bind: invalid argument");
}
