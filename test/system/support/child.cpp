#include "test/system/support/child.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace corunner::test {

namespace {

struct two_ends {
  int read = -1;
  int write = -1;
};

two_ends make_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return {fds[0], fds[1]};
}

// Pointers to strings that outlive them, as exec wants them.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// A group of its own, so that a terminal's signals do not reach it by way of the tests.
void plain_start(posix_spawnattr_t& attributes) {
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

}  // namespace

child::child(event_loop& loop, child_options how)
    : loop_(loop), out_(loop.io), err_(loop.io), end_(loop.io) {
  start(how);
  for (auto* each : {&out_, &err_}) {
    ++readers_;
    asio::co_spawn(loop_.io, read(*each), [this](std::exception_ptr) { --readers_; });
  }
}

child::~child() {
  if (!ended()) {
    ::kill(pid_, SIGTERM);
    constexpr std::chrono::seconds for_a_clean_end{20};
    if (!loop_.run_until([this] { return look_whether_it_ended(); }, for_a_clean_end)) {
      ::kill(pid_, SIGKILL);
      loop_.run_until([this] { return look_whether_it_ended(); });
    }
  }
  out_.pipe.close();
  err_.pipe.close();
  loop_.run_until([this] { return readers_ == 0; });
}

void child::start(child_options const& how) {
  auto const out = make_pipe();
  auto const err = make_pipe();
  int const null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);

  std::vector<std::string> words{how.program.string()};
  words.insert(words.end(), how.arguments.begin(), how.arguments.end());
  std::vector<std::string> environment;
  for (auto const& [name, value] : how.environment) environment.push_back(name + '=' + value);
  for (auto const& word : words) title_ += word + ' ';

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, null, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.write, 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.write, 2);
  ::posix_spawn_file_actions_addchdir_np(&actions, how.directory.c_str());
  plain_start(attributes);
  int const failure = ::posix_spawnp(&pid_, words[0].c_str(), &actions, &attributes,
                                     pointers(words).data(), pointers(environment).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  for (int const fd : {null, out.write, err.write}) ::close(fd);
  out_.pipe.assign(out.read);
  err_.pipe.assign(err.read);
  if (failure != 0) throw std::runtime_error("cannot start " + words[0]);

  end_.assign(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  // Wakes the loop; who waits looks then.
  end_.async_wait(asio::posix::stream_descriptor::wait_read, [](error_code) {});
}

awaitable<void> child::read(reader& from) {
  while (true) {
    auto const [ec, size] = co_await from.pipe.async_read_some(
        asio::buffer(from.buffer), asio::as_tuple(asio::use_awaitable));
    from.text.append(from.buffer.data(), size);
    if (ec) co_return;
  }
}

bool child::look_whether_it_ended() {
  if (ended()) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

void child::wait_for(reader const& where, std::string_view text) {
  bool const came = loop_.run_until([&] {
    return where.text.find(text) != std::string::npos || look_whether_it_ended();
  });
  if (came && ended()) wait();
  INFO("waited for: " << text << "\nprocess: " << title_ << "\n--- out\n"
                      << out() << "\n--- err\n" << err());
  REQUIRE(where.text.find(text) != std::string::npos);
}

int child::wait() {
  bool const over = loop_.run_until([this] { return look_whether_it_ended(); });
  INFO("process does not end: " << title_ << "\n--- out\n" << out() << "\n--- err\n" << err());
  REQUIRE(over);
  // What it left behind may hold the pipes: what is in them is read, their end is not waited for.
  constexpr std::chrono::seconds for_the_rest{2};
  loop_.run_until([this] { return readers_ == 0; }, for_the_rest);
  return *exit_code_;
}

void child::signal(int which) {
  REQUIRE_FALSE(look_whether_it_ended());
  REQUIRE(::kill(pid_, which) == 0);
}

}  // namespace corunner::test
