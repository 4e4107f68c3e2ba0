#include "runner/command/terminal.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace corunner {

namespace {

bool colours_are_welcome() {
  char const* const none = std::getenv("NO_COLOR");
  char const* const kind = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && (none == nullptr || *none == '\0') &&
         (kind == nullptr || std::string_view(kind) != "dumb");
}

void write_all(int to, std::string_view text) {
  while (!text.empty()) {
    auto const written = ::write(to, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      ::pollfd ready{.fd = to, .events = POLLOUT, .revents = 0};
      ::poll(&ready, 1, 1000);
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace

terminal::terminal() : colours_(colours_are_welcome()) {}

void terminal::write(std::string_view text) const { write_all(STDOUT_FILENO, text); }

std::size_t terminal::width() {
  ::winsize size{};
  if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string terminal::styled(std::string_view style, std::string_view text) const {
  if (!colours_) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", style, text);
}

void write_standard_error(std::string_view text) { write_all(STDERR_FILENO, text); }

}  // namespace corunner
