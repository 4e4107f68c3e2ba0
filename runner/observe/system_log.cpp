#include "runner/observe/system_log.hpp"

#include <boost/asio/buffer.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <ctime>
#include <utility>

namespace corunner {

namespace {

// daemon.
constexpr int facility = 3 * 8;

// What every daemon takes in one message.
constexpr std::size_t longest_text = 8 * 1024;

int severity_of(log_level level) {
  switch (level) {
    case log_level::panic:
    case log_level::fatal:
      return 2;
    case log_level::error:
      return 3;
    case log_level::warning:
      return 4;
    case log_level::info:
      return 6;
    default:
      return 7;
  }
}

// "Nov  2 15:04:05", in the time of the machine.
std::string time_of(net::time_source::wall_time now) {
  auto const seconds = std::chrono::system_clock::to_time_t(now);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{} {:>2} {:02}:{:02}:{:02}", months[static_cast<std::size_t>(local.tm_mon)],
                     local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
}

}  // namespace

system_log::system_log(asio::any_io_executor executor, net::time_source const& time,
                       std::string tag, std::filesystem::path place)
    : time_(time), tag_(std::move(tag)), place_(std::move(place)), socket_(std::move(executor)) {}

error_code system_log::connect() {
  error_code why;
  socket_.close(why);
  socket_.open({}, why);
  if (!why) socket_.non_blocking(true, why);
  if (!why) socket_.connect(socket::endpoint_type(place_.string()), why);
  return why;
}

void system_log::write(log_level level, std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  auto const message =
      fmt::format("<{}>{} {}[{}]: {}", facility + severity_of(level), time_of(time_.wall_now()),
                  tag_, ::getpid(), text.substr(0, longest_text));
  error_code failed;
  socket_.send(asio::buffer(message), 0, failed);
  bool const is_away =
      failed && failed != asio::error::would_block && failed != asio::error::no_buffer_space;
  if (is_away && !connect()) socket_.send(asio::buffer(message), 0, failed);
}

}  // namespace corunner
