#include "runner/trace/give_way.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>

namespace corunner {

using namespace std::chrono_literals;

namespace {

// A patch takes some twenty turns of the loop: with slower ones a log is a second late and more.
constexpr net::time_source::duration slow_turn = 50ms;
constexpr net::time_source::duration longest_pause = 1s;

}  // namespace

awaitable<void> give_way(net::time_source& time) {
  auto const before = time.now();
  co_await asio::post(asio::use_awaitable);
  auto const turn = time.now() - before;
  if (turn >= slow_turn) co_await time.sleep_for(std::min(turn, longest_pause));
}

}  // namespace corunner
