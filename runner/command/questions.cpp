#include "runner/command/questions.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace corunner {

namespace {

void show(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n\v\f";
  auto const first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(white) - first + 1));
}

// A terminal at standard input shows nothing of what is typed, as long as this lives.
class hidden_typing {
 public:
  hidden_typing() : hides_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (hides_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~hidden_typing() {
    if (!hides_) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    show("\n");
  }
  hidden_typing(hidden_typing const&) = delete;
  hidden_typing& operator=(hidden_typing const&) = delete;

 private:
  termios before_{};
  bool hides_;
};

}  // namespace

// Standard input. A terminal or a pipe is waited for on the loop; a regular file, which the loop
// cannot wait for, is just read.
struct questions::input {
  explicit input(asio::any_io_executor executor) : stream(std::move(executor)) {
    // A duplicate, so that standard input itself stays open and blocking for whoever comes next.
    int const fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    error_code ec;
    if (fd >= 0) stream.assign(fd, ec);
    if (ec) ::close(fd);
  }

  // Some bytes; 0 is the end.
  awaitable<std::size_t> read_some(asio::mutable_buffer into) {
    if (stream.is_open()) {
      auto const [ec, count] =
          co_await stream.async_read_some(into, asio::as_tuple(asio::use_awaitable));
      if (ec == asio::error::operation_aborted) throw boost::system::system_error(ec);
      co_return ec ? 0 : count;
    }
    auto const count = ::read(STDIN_FILENO, into.data(), into.size());
    co_return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

  asio::posix::stream_descriptor stream;
  std::string buffered;
};

questions::questions(asio::any_io_executor executor, bool interactive)
    : interactive_(interactive), executor_(std::move(executor)) {}

questions::~questions() = default;

awaitable<std::string> questions::read_line() {
  if (!input_) input_ = std::make_unique<input>(executor_);
  auto& text = input_->buffered;
  std::array<char, 4096> block;
  for (;;) {
    if (auto const end = text.find('\n'); end != std::string::npos) {
      auto line = trimmed(std::string_view(text).substr(0, end));
      text.erase(0, end + 1);
      co_return line;
    }
    auto const count = co_await input_->read_some(asio::buffer(block));
    if (count == 0) throw no_answer("Unexpected EOF. Did you mean to use --non-interactive?");
    text.append(block.data(), count);
  }
}

awaitable<std::string> questions::ask_secret(std::string_view prompt) {
  if (::isatty(STDIN_FILENO) != 1) co_return co_await read_line();
  hidden_typing const hidden;  // before the prompt invites to type
  show(std::string(prompt) + " ");
  co_return co_await read_line();
}

awaitable<std::string> questions::ask(std::string_view prompt, std::string_view flag,
                                      std::string standing, need how) {
  if (!interactive_) {
    if (standing.empty() && how == need::required) {
      throw no_answer("The " + std::string(flag) + " needs to be entered");
    }
    co_return standing;
  }
  for (;;) {
    show(std::string(prompt) + "\n");
    if (!standing.empty()) show("[" + standing + "]: ");
    auto answer = co_await read_line();
    if (answer.empty()) answer = standing;
    if (!answer.empty() || how == need::optional) co_return answer;
  }
}

}  // namespace corunner
