#include "runner/observe/system_log.hpp"
#include "test/exec/script/real_shell.hpp"
#include "test/support/manual_time.hpp"

#include <boost/asio/io_context.hpp>

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <optional>

namespace corunner {
namespace {

using socket = asio::local::datagram_protocol::socket;

// A syslog daemon, and a log that tells it.
struct bench {
  bench() { start(); }

  void start() {
    std::filesystem::remove(place);
    daemon.emplace(io, socket::endpoint_type(place));
    daemon->non_blocking(true);
  }
  std::string heard() {
    std::array<char, 64 * 1024> buffer;
    error_code nothing;
    auto const size = daemon->receive(asio::buffer(buffer), 0, nothing);
    return {buffer.data(), size};
  }

  test::scratch_directory dir;
  std::string place = dir / "log";
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  std::optional<socket> daemon;
  system_log log{io.get_executor(), time, "gitlab-runner", place};
};

}  // namespace

TEST_CASE("the system log gets the level, the name of the service and the text", "[observe][log]") {
  bench b;
  REQUIRE_FALSE(b.log.connect());
  b.log.write(log_level::warning, "level=warning msg=hello\n");
  auto const got = b.heard();
  INFO(got);
  CHECK(got.starts_with("<28>"));
  CHECK(
      got.ends_with(" gitlab-runner[" + std::to_string(::getpid()) + "]: level=warning msg=hello"));
  constexpr auto size_of_time = sizeof("Nov  2 15:04:05") - 1;
  CHECK(got.find(" gitlab-runner[") == 4 + size_of_time);
  b.log.write(log_level::fatal, "x");
  CHECK(b.heard().starts_with("<26>"));
  b.log.write(log_level::info, std::string(100'000, 'x'));
  CHECK(b.heard().size() < 9'000);
}

TEST_CASE("a system log that is away costs its lines only, and is found when it is back",
          "[observe][log]") {
  bench b;
  b.daemon.reset();
  CHECK(b.log.connect());
  b.log.write(log_level::info, "lost");
  b.start();
  b.log.write(log_level::info, "first");
  CHECK(b.heard().ends_with(": first"));
  b.daemon.reset();
  b.start();
  b.log.write(log_level::info, "second");
  CHECK(b.heard().ends_with(": second"));
}

TEST_CASE("nobody waits for a system log that does not read", "[observe][log]") {
  bench b;
  REQUIRE_FALSE(b.log.connect());
  for (int line = 0; line < 10'000; ++line) b.log.write(log_level::info, "a line");
  CHECK(b.heard().ends_with(": a line"));
}

}  // namespace corunner
