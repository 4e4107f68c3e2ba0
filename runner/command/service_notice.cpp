#include "runner/command/service_notice.hpp"

#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace corunner {

namespace {

constexpr auto socket_variable = "NOTIFY_SOCKET";
constexpr auto period_variable = "WATCHDOG_USEC";
constexpr auto process_variable = "WATCHDOG_PID";

std::optional<std::int64_t> number(std::optional<std::string> const& text) {
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  auto const [end, ec] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (ec != std::errc() || end != text->data() + text->size() || value <= 0) return std::nullopt;
  return value;
}

}  // namespace

service_notice service_notice::of_process(config::environment const& variables) {
  auto const socket = variables(socket_variable);
  auto const period = number(variables(period_variable));
  auto const whose = number(variables(process_variable));
  for (auto const* name : {socket_variable, period_variable, process_variable}) ::unsetenv(name);
  if (!socket || socket->empty() || (socket->front() != '/' && socket->front() != '@')) return {};
  bool const ours = period && (!whose || *whose == ::getpid());
  return {*socket, ours ? std::optional(std::chrono::microseconds(*period)) : std::nullopt};
}

void service_notice::tell(std::string_view state) const {
  sockaddr_un to{};
  if (socket_.empty() || socket_.size() >= sizeof to.sun_path) return;
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, socket_.data(), socket_.size());
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  int const from = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (from == -1) return;
  auto const length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  (void)::sendto(from, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&to),
                 length);
  ::close(from);
}

void service_notice::ready(std::string_view status) const {
  tell(fmt::format("READY=1\nSTATUS={}\n", status));
}

void service_notice::stopping(std::string_view status) const {
  tell(fmt::format("STOPPING=1\nSTATUS={}\n", status));
}

awaitable<void> feed_watchdog(service_notice const& notice, net::time_source& time,
                              std::function<bool()> lives) {
  if (!notice.wanted() || !notice.watchdog()) co_return;
  auto const pause = *notice.watchdog() / 2;
  while (true) {
    if (lives()) notice.tell("WATCHDOG=1\n");
    if (co_await time.sleep_for(pause)) co_return;
  }
}

}  // namespace corunner
