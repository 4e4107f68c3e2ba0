#include "test/system/support/terminal_program.hpp"

#include <boost/asio/as_tuple.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace corunner::test {

namespace {

struct two_sides {
  int ours = -1;
  int theirs = -1;
};

two_sides open_terminal() {
  int const ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ours < 0 || ::grantpt(ours) != 0 || ::unlockpt(ours) != 0) {
    throw std::runtime_error("no pseudo-terminal");
  }
  std::array<char, 128> name{};
  if (::ptsname_r(ours, name.data(), name.size()) != 0) {
    throw std::runtime_error("no name of a terminal");
  }
  int const theirs = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  ::winsize size{};
  size.ws_row = 24;
  size.ws_col = 80;
  ::ioctl(theirs, TIOCSWINSZ, &size);
  ::fcntl(ours, F_SETFL, O_NONBLOCK);
  return {ours, theirs};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

terminal_program::terminal_program(event_loop& loop, child_options how)
    : loop_(loop), screen_(loop.io) {
  auto const [ours, theirs] = open_terminal();
  std::vector<std::string> words{how.program.string()};
  words.insert(words.end(), how.arguments.begin(), how.arguments.end());
  std::vector<std::string> environment;
  for (auto const& [name, value] : how.environment) environment.push_back(name + '=' + value);

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  for (int const fd : {0, 1, 2}) ::posix_spawn_file_actions_adddup2(&actions, theirs, fd);
  ::posix_spawn_file_actions_addchdir_np(&actions, how.directory.c_str());
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  int const failure = ::posix_spawnp(&pid_, words[0].c_str(), &actions, &attributes,
                                     pointers(words).data(), pointers(environment).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(theirs);
  screen_.assign(ours);
  if (failure != 0) throw std::runtime_error("cannot start " + words[0]);
  asio::co_spawn(loop_.io, read(*this), [this](std::exception_ptr) { all_read_ = true; });
}

terminal_program::~terminal_program() {
  if (!look_whether_it_ended()) {
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
  }
  screen_.close();
  loop_.run_until([this] { return all_read_; });
}

// The terminal reads as an error once nobody holds its other side.
awaitable<void> terminal_program::read(terminal_program& self) {
  while (true) {
    auto const [ec, size] = co_await self.screen_.async_read_some(
        asio::buffer(self.buffer_), asio::as_tuple(asio::use_awaitable));
    self.shown_.append(self.buffer_.data(), size);
    if (ec) co_return;
  }
}

bool terminal_program::look_whether_it_ended() {
  if (exit_code_) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

void terminal_program::wait_for(std::string_view text) {
  loop_.run_until([&] { return all_read_ || shown_.find(text) != std::string::npos; });
  INFO("waited for: " << text << "\n--- shown\n" << shown_);
  REQUIRE(shown_.find(text) != std::string::npos);
}

void terminal_program::type(std::string_view text) {
  REQUIRE(::write(screen_.native_handle(), text.data(), text.size()) ==
          static_cast<ssize_t>(text.size()));
}

void terminal_program::signal(int which) {
  REQUIRE_FALSE(look_whether_it_ended());
  REQUIRE(::kill(pid_, which) == 0);
}

int terminal_program::wait() {
  bool const over = loop_.run_until([this] { return all_read_; });
  INFO("does not end\n--- shown\n" << shown_);
  REQUIRE(over);
  // Whoever has closed the terminal is about to end.
  int status = 0;
  if (!exit_code_ && ::waitpid(pid_, &status, 0) == pid_) {
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return *exit_code_;
}

}  // namespace corunner::test
