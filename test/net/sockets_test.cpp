#include "net/sockets.hpp"

#include "test/net/real_world.hpp"
#include "test/net/temporary_directory.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fcntl.h>
#include <sys/stat.h>

using namespace corunner;
using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;
using test::fetch;
using test::port_of;
using test::real_world;
using test::run;

TEST_CASE("a client and a server talk over TCP", "[net][sockets]") {
  auto const host = GENERATE(as<std::string>(), "127.0.0.1", "::1", "localhost");
  CAPTURE(host);
  real_world world;
  net::url at;
  at.scheme = "http";
  at.host = host;
  at.port = world.serve(host);
  CHECK(world.get(at.to_string()) == "GET 0");
}

TEST_CASE("a client and a server talk over a unix socket, which only we may open",
          "[net][sockets]") {
  test::temporary_directory directory;
  auto const path = directory.path() / "socket";
  real_world world;
  world.plain = net::listen_unix(world.io.get_executor(), path).value();
  CHECK(world.plain->address() == "unix:" + path.string());
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  world.children.spawn(world.server.serve(*world.plain));
  net::http_request request;
  request.target = net::parse_url("http://docker/").value();
  request.unix_path = path;
  CHECK(run(world.io, fetch(world.client, std::move(request))) == "GET 0");
  world.plain->close();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a socket file of a dead process is replaced, one of a living is not", "[net][sockets]") {
  test::temporary_directory directory;
  auto const path = directory.path() / "socket";
  asio::io_context io;
  {
    asio::local::stream_protocol::acceptor left(io, path.string());
  }
  REQUIRE(std::filesystem::exists(path));
  auto const first = net::listen_unix(io.get_executor(), path);
  REQUIRE(first.has_value());
  CHECK(net::listen_unix(io.get_executor(), path).error() == asio::error::address_in_use);
  auto const long_path = directory.path() / std::string(200, 'x');
  CHECK(net::listen_unix(io.get_executor(), long_path).error() == asio::error::name_too_long);
}

TEST_CASE("sockets do not leak into children", "[net][sockets]") {
  real_world world;
  auto const port = world.serve("127.0.0.1");
  REQUIRE(world.get("http://127.0.0.1:" + std::to_string(port)) == "GET 0");
  for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    auto const target = std::filesystem::read_symlink(entry, gone).string();
    if (gone || !target.starts_with("socket:")) continue;
    CAPTURE(target);
    CHECK((::fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC) != 0);
  }
}

TEST_CASE("dialing where nobody is says so", "[net][sockets]") {
  real_world world;
  std::uint16_t port = 0;
  {
    auto const gone = net::listen_tcp(world.io.get_executor(), "127.0.0.1", 0).value();
    port = port_of(*gone);
  }
  auto const text = world.get("http://localhost:" + std::to_string(port));
  CHECK_THAT(text, ContainsSubstring("Connection refused"));
  CHECK(net::listen_tcp(world.io.get_executor(), "no.such.name.invalid", 0).error() ==
        asio::error::host_not_found);
}

TEST_CASE("an empty host listens on every address", "[net][sockets]") {
  real_world world;
  auto const port = std::to_string(world.serve(""));
  CHECK(world.get("http://127.0.0.1:" + port) == "GET 0");
}

TEST_CASE("an idle connection that its server closed is noticed", "[net][sockets]") {
  asio::io_context io;
  net::real_time time;
  net::socket_dialer dialer(time);
  auto const listener = net::listen_tcp(io.get_executor(), "127.0.0.1", 0).value();
  auto const work = [](net::dialer& by, net::listener& at, net::time_source& clock)
      -> awaitable<bool> {
    net::dial_target const target{.host = "127.0.0.1", .port = port_of(at)};
    auto const near = (co_await by.dial(target)).value();
    auto far = (co_await at.accept()).value();
    CHECK(near->quiet());
    far->close();
    for (int i = 0; i < 1000 && near->quiet(); ++i) co_await clock.sleep_for(1ms);
    co_return !near->quiet();
  };
  CHECK(run(io, work(dialer, *listener, time)));
}
