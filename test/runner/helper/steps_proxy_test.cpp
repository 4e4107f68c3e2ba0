#include "runner/helper/steps_proxy.hpp"

#include "exec/process/spawn.hpp"
#include "test/exec/real_loop.hpp"
#include "test/net/temporary_directory.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <string>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using local = asio::local::stream_protocol;

struct pipe_pair {
  pipe_pair() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    read = exec::owned_fd(ends[0]);
    write = exec::owned_fd(ends[1]);
  }
  exec::owned_fd read;
  exec::owned_fd write;
};

// A server that takes one connection and does what the test says.
struct world {
  using talk = std::function<awaitable<void>(local::socket)>;

  std::string run(talk server) {
    local::acceptor listener(loop.io, local::endpoint(path()));
    auto serve = [&]() -> awaitable<void> {
      auto peer = co_await listener.async_accept(asio::use_awaitable);
      co_await server(std::move(peer));
    };
    asio::co_spawn(loop.io, serve(), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
    steps_proxy_options const how{path(), in.read.get(), out.write.get()};
    auto failure = loop.run(steps_proxy(loop.time, how));
    out.write = exec::owned_fd();
    return failure;
  }
  std::string path() const { return (directory.path() / "s").string(); }
  void give(std::string_view text) {
    REQUIRE(::write(in.write.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  std::string printed() {
    std::string all;
    char buffer[4096];
    for (ssize_t got; (got = ::read(out.read.get(), buffer, sizeof buffer)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }

  test::real_loop loop;
  test::temporary_directory directory;
  pipe_pair in;
  pipe_pair out;
};

awaitable<std::string> read_all(local::socket& from) {
  std::string all;
  co_await asio::async_read(from, asio::dynamic_buffer(all),
                            asio::as_tuple(asio::use_awaitable));
  co_return all;
}

TEST_CASE("steps proxy answers what comes before its input ended", "[helper][steps]") {
  world w;
  w.give("question");
  w.in.write = exec::owned_fd();
  CHECK(w.run([](local::socket peer) -> awaitable<void> {
          auto const asked = co_await read_all(peer);
          co_await asio::async_write(peer, asio::buffer("answer to " + asked), asio::use_awaitable);
        }).empty());
  CHECK(w.printed() == "answer to question");
}

TEST_CASE("steps proxy ends when its peer closes, though its input goes on", "[helper][steps]") {
  world w;
  CHECK(w.run([](local::socket peer) -> awaitable<void> {
          std::string const bytes(20'000, 'x');
          co_await asio::async_write(peer, asio::buffer(bytes), asio::use_awaitable);
        }).empty());
  CHECK(w.printed() == std::string(20'000, 'x'));
}

TEST_CASE("steps proxy says why it cannot connect", "[helper][steps]") {
  test::real_loop loop;
  CHECK(loop.run(steps_proxy(loop.time, {.socket = "/nowhere/s"})) ==
        "dialing /nowhere/s: No such file or directory");
  CHECK_FALSE(loop.run(steps_proxy(loop.time, {.socket = std::string(500, 'x')})).empty());
}

}  // namespace
}  // namespace corunner
