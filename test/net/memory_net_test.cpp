#include "test/support/memory_net.hpp"

#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

struct ends {
  explicit ends(test::pipe_options how = {}) : pair(test::make_pipe(io.get_executor(), how)) {}

  asio::io_context io;
  test::pipe_pair pair;
  std::optional<error_code> written;

  void write(std::string const& text) {
    written.reset();
    asio::co_spawn(
        io,
        [](net::stream& to, std::string bytes) -> awaitable<error_code> {
          co_return co_await to.write(asio::buffer(bytes));
        }(*pair.first, text),
        [this](std::exception_ptr, error_code ec) { written = ec; });
    test::settle(io);
  }
  // One read: what came, or the error's message.
  std::string read(std::size_t most = 1000) {
    std::string got = "(waiting)";
    asio::co_spawn(
        io,
        [](net::stream& from, std::string& into, std::size_t size) -> awaitable<void> {
          std::string piece(size, '\0');
          auto const n = co_await from.read_some(asio::buffer(piece));
          into = n ? piece.substr(0, *n) : n.error().message();
        }(*pair.second, got, most),
        [](std::exception_ptr) {});
    test::settle(io);
    return got;
  }
};

std::string text_of(error_code const& ec) { return ec.message(); }

}  // namespace

TEST_CASE("a memory stream carries bytes, then its end", "[support][memory_net]") {
  ends both;
  both.write("hello");
  CHECK(both.read(3) == "hel");
  CHECK(both.read() == "lo");
  CHECK(both.pair.second->quiet());
  both.pair.first->close();
  CHECK_FALSE(both.pair.second->quiet());
  CHECK(both.read() == text_of(asio::error::eof));
}

TEST_CASE("a full buffer holds the writer back", "[support][memory_net]") {
  test::pipe_options how;
  how.capacity = 4;
  ends both(how);
  both.write("123456");
  CHECK_FALSE(both.written.has_value());
  CHECK(both.read() == "1234");
  CHECK(both.read() == "56");
  CHECK(both.written == error_code());
}

TEST_CASE("writing to an end that was closed fails", "[support][memory_net]") {
  ends both;
  both.pair.second->close();
  both.write("x");
  CHECK(both.written == error_code(asio::error::broken_pipe));
}

TEST_CASE("a reset comes after its bytes, to both ends", "[support][memory_net]") {
  test::pipe_options how;
  how.to_second.reset_after = 3;
  ends both(how);
  both.write("12345");
  CHECK(both.written == error_code(asio::error::connection_reset));
  CHECK(both.read() == "123");
  CHECK(both.read() == text_of(asio::error::connection_reset));
}

TEST_CASE("a stall swallows what comes after its bytes", "[support][memory_net]") {
  test::pipe_options how;
  how.to_second.stall_after = 3;
  ends both(how);
  both.write("12345");
  CHECK(both.written == error_code());
  CHECK(both.read() == "123");
  both.pair.first->close();
  CHECK(both.pair.second->quiet());
}

TEST_CASE("split reads come in small pieces, the same for one seed", "[support][memory_net]") {
  auto const pieces = [](std::uint64_t seed) {
    test::pipe_options how;
    how.to_second.split_seed = seed;
    how.to_second.piece = 4;
    ends both(how);
    both.write("0123456789012345");
    std::vector<std::string> all;
    for (std::size_t total = 0; total < 16; total += all.back().size()) all.push_back(both.read());
    return all;
  };
  auto const once = pieces(1);
  CHECK(once.size() >= 4);
  CHECK(once == pieces(1));
  CHECK(once != pieces(2));
}

TEST_CASE("the memory dialer reaches listeners by name and refuses others",
          "[support][memory_net]") {
  asio::io_context io;
  test::memory_dialer network(io.get_executor());
  auto const listener = network.listen("h", 80);
  auto const work = [](test::memory_dialer& to, net::listener& at) -> awaitable<void> {
    net::dial_target target{.host = "h", .port = 80};
    auto const made = co_await to.dial(target);
    CHECK(made.has_value());
    CHECK((*made)->peer() == "h:80");
    auto const accepted = co_await at.accept();
    CHECK((*accepted)->peer() == "memory:0");
    CHECK(to.open_connections() == 1);
    to.reset_all();
    CHECK(to.open_connections() == 0);
    target.port = 81;
    auto const refused = co_await to.dial(target);
    CHECK(refused.error() == asio::error::connection_refused);
    at.close();
    target.port = 80;
    auto const closed = co_await to.dial(target);
    CHECK(closed.error() == asio::error::connection_refused);
    auto const ended = co_await at.accept();
    CHECK(ended.error() == asio::error::operation_aborted);
  };
  test::run_to_end(io, work(network, *listener));
}
