#include "net/task_group.hpp"

#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/detached.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

#include <stdexcept>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

awaitable<void> sleep_then_count(net::time_source& time, net::time_source::duration length,
                                 int& count) {
  if (error_code const ec = co_await time.sleep_for(length)) co_return;
  ++count;
}

awaitable<void> fail(std::string text) {
  throw std::runtime_error(text);
  co_return;
}

}  // namespace

TEST_CASE("a task group joins when its last child has ended", "[net][task_group]") {
  asio::io_context io;
  test::manual_time time(io.get_executor());
  net::task_group group(io.get_executor());
  int ended = 0;
  group.spawn(sleep_then_count(time, 1s, ended));
  group.spawn(sleep_then_count(time, 3s, ended));
  bool joined = false;
  asio::co_spawn(
      io,
      [](net::task_group& children, bool& flag) -> awaitable<void> {
        co_await children.join();
        flag = true;
      }(group, joined),
      asio::detached);
  test::settle(io);
  time.advance(1s);
  test::settle(io);
  REQUIRE(ended == 1);
  REQUIRE_FALSE(joined);
  time.advance(2s);
  test::settle(io);
  REQUIRE(ended == 2);
  REQUIRE(joined);
}

TEST_CASE("cancelling a task group ends its children, and a later child never runs",
          "[net][task_group]") {
  asio::io_context io;
  test::manual_time time(io.get_executor());
  net::task_group group(io.get_executor());
  int ended = 0;
  group.spawn(sleep_then_count(time, 1h, ended));
  test::settle(io);
  group.cancel();
  group.spawn(sleep_then_count(time, 1h, ended));
  test::run_to_end(io, group.join());
  REQUIRE(ended == 0);
  REQUIRE(time.sleepers() == 0);
}

TEST_CASE("join rethrows the first failure", "[net][task_group]") {
  asio::io_context io;
  net::task_group group(io.get_executor());
  group.spawn(fail("first"));
  group.spawn(fail("second"));
  REQUIRE_THROWS_WITH(test::run_to_end(io, group.join()), "first");
}
