#include "runner/helper/read_logs.hpp"

#include "exec/process/spawn.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using exec::owned_fd;

constexpr std::size_t longest_line = 16 * 1024;  // bytes
constexpr auto between_looks = 500ms;
constexpr auto between_tries = 1s;
constexpr int file_is_gone = 100;

// "is a directory": Go's words, which begin small.
std::string why(int number) {
  auto text = std::generic_category().message(number);
  if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z') text.front() += 'a' - 'A';
  return text;
}

class reader {
 public:
  reader(net::time_source& time, read_logs_options how, std::function<void(std::string_view)> print)
      : time_(time), how_(std::move(how)), print_(std::move(print)) {}

  awaitable<int> run() {
    auto const opened = co_await open();
    if (opened != 0) co_return opened;
    if (::lseek(file_.get(), how_.offset, SEEK_SET) < 0) co_return failed("seek", errno);
    position_ = how_.offset;
    while (true) {
      auto const got = ::read(file_.get(), buffer_, sizeof buffer_);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) co_return failed("read", errno);
      if (got > 0) {
        take({buffer_, static_cast<std::size_t>(got)});
        continue;
      }
      if (!line_.empty()) show_line(0);
      flush();
      struct stat facts{};
      if (::stat(how_.path.c_str(), &facts) != 0 && errno == ENOENT) co_return file_is_gone;
      if (co_await time_.sleep_for(between_looks)) co_return 1;
    }
  }

 private:
  // 0, or the exit code.
  awaitable<int> open() {
    auto const tries = how_.wait_for_file / between_tries;
    if (tries <= 0) co_return failed("no attempts to open log file configured");
    for (std::int64_t left = tries; left != 0; --left) {
      file_ = owned_fd(::open(how_.path.c_str(), O_RDONLY | O_CLOEXEC));
      if (file_) co_return 0;
      if (errno != ENOENT) co_return failed("open", errno);
      if (co_await time_.sleep_for(between_tries)) co_return 1;
    }
    co_return failed("timeout waiting for file to be created");
  }

  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const room = bytes.substr(0, longest_line - line_.size());
      auto const end = room.find('\n');
      line_.append(room.substr(0, end));
      bytes.remove_prefix(end == std::string_view::npos ? room.size() : end + 1);
      if (end != std::string_view::npos) {
        show_line(1);
      } else if (line_.size() == longest_line) {
        show_line(0);
      }
    }
    if (shown_.size() >= 4 * longest_line) flush();
  }

  void show_line(int newline) {
    position_ += static_cast<std::int64_t>(line_.size()) + newline;
    fmt::format_to(std::back_inserter(shown_), "{} {}\n", position_, line_);
    line_.clear();
  }

  void flush() {
    if (!shown_.empty()) print_(std::exchange(shown_, {}));
  }

  int failed(std::string_view text) {
    flush();
    print_(fmt::format("error reading logs from {}: {}\n", how_.path.string(), text));
    return 1;
  }
  int failed(std::string_view step, int number) {
    return failed(fmt::format("{} {}: {}", step, how_.path.string(), why(number)));
  }

  net::time_source& time_;
  read_logs_options how_;
  std::function<void(std::string_view)> print_;
  owned_fd file_;
  std::int64_t position_ = 0;  // behind what was shown
  std::string line_;           // not shown yet, without its end
  std::string shown_;          // not printed yet
  char buffer_[longest_line];
};

}  // namespace

awaitable<int> read_logs(net::time_source& time, read_logs_options how,
                         std::function<void(std::string_view text)> print) {
  reader one(time, std::move(how), std::move(print));
  co_return co_await one.run();
}

}  // namespace corunner
