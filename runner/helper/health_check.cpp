#include "runner/helper/health_check.hpp"

#include "net/event.hpp"
#include "net/task_group.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace corunner {
namespace {

constexpr std::chrono::seconds between_tries{1};
constexpr std::chrono::minutes longest_dial{5};

std::uint16_t port_number(std::string const& text) {
  std::uint16_t number = 0;
  auto const end = text.data() + text.size();
  auto const [at, failed] = std::from_chars(text.data(), end, number);
  return failed == std::errc() && at == end ? number : 0;
}

class check {
 public:
  check(asio::any_io_executor executor, net::dialer& connections, net::time_source& time,
        health_check_target where, std::function<void(std::string_view)> tell)
      : connections_(connections),
        time_(time),
        where_(std::move(where)),
        tell_(std::move(tell)),
        healthy_(executor),
        tries_(executor) {}

  awaitable<void> run() {
    tell_(fmt::format("waiting for TCP connection to {} on [{}]...", where_.host,
                      fmt::join(where_.ports, " ")));
    missing_ = where_.all ? where_.ports.size() : 1;
    for (auto const& port : where_.ports) tries_.spawn(try_port(port));
    co_await healthy_.wait();
    tries_.cancel();
    co_await tries_.join();
  }

 private:
  awaitable<void> try_port(std::string port) {
    net::dial_target target;
    target.host = where_.host;
    target.port = port_number(port);
    target.connect_limit = longest_dial;
    auto const address = where_.host + ':' + port;
    while (true) {
      tell_(fmt::format("dialing {}...", address));
      if (target.port != 0) {
        auto const connected = co_await connections_.dial(target);
        if (connected) break;
        if (connected.error() == asio::error::operation_aborted) co_return;
      }
      if (co_await time_.sleep_for(between_tries)) co_return;
    }
    tell_(fmt::format("dial succeeded on {}. Exiting...", address));
    if (missing_ != 0 && --missing_ == 0) healthy_.set();
  }

  net::dialer& connections_;
  net::time_source& time_;
  health_check_target where_;
  std::function<void(std::string_view)> tell_;
  std::size_t missing_ = 0;
  net::event healthy_;
  net::task_group tries_;
};

}  // namespace

health_check_target linked_services(std::span<std::string const> entries) {
  health_check_target found;
  found.all = false;
  for (std::string_view entry : entries) {
    if (std::ranges::count(entry, '=') != 1) continue;
    auto const equals = entry.find('=');
    auto const name = entry.substr(0, equals);
    auto const value = entry.substr(equals + 1);
    if (name.ends_with("_TCP_ADDR")) found.host = value;
    if (name.ends_with("_TCP_PORT")) found.ports.emplace_back(value);
  }
  return found;
}

awaitable<void> wait_for_health(net::dialer& connections, net::time_source& time,
                                health_check_target where,
                                std::function<void(std::string_view line)> tell) {
  auto const executor = co_await asio::this_coro::executor;
  check one(executor, connections, time, std::move(where), std::move(tell));
  co_await one.run();
}

}  // namespace corunner
