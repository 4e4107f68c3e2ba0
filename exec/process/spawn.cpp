#include "exec/process/spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {
namespace {

error_code last_error() { return {errno, boost::system::system_category()}; }

// Not 0, 1 or 2, even if somebody started us with those closed: they are written over in the child.
owned_fd above_standard_fds(int fd) {
  if (fd < 0 || fd > 2) return owned_fd(fd);
  owned_fd low(fd);
  return owned_fd(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

result<owned_fd> open_input(process_options const& how) {
  auto const& input = how.input;
  if (how.shares_input_and_group) {
    owned_fd ours(::fcntl(0, F_DUPFD_CLOEXEC, 3));
    if (ours || errno != EBADF) {
      if (!ours) return last_error();
      return ours;
    }
  }
  if (!input) {
    auto null = above_standard_fds(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!null) return last_error();
    return null;
  }
  auto file = above_standard_fds(::memfd_create("stdin", MFD_CLOEXEC));
  if (!file) return last_error();
  std::string_view left = *input;
  while (!left.empty()) {
    auto const written = ::write(file.get(), left.data(), left.size());
    if (written < 0 && errno != EINTR) return last_error();
    if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return last_error();
  return file;
}

struct pipe_ends {
  owned_fd read;
  owned_fd write;
};

result<pipe_ends> open_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return last_error();
  pipe_ends ends{above_standard_fds(fds[0]), above_standard_fds(fds[1])};
  if (!ends.read || !ends.write) return last_error();
  // Only our end: the flag of the other would be seen by the child.
  if (::fcntl(ends.read.get(), F_SETFL, O_NONBLOCK) != 0) return last_error();
  return ends;
}

// Our environment with `how` on top, as posix_spawn takes it.
class environment_block {
 public:
  environment_block(process_options const& how, char const* mark_name) {
    for (auto const& [name, value] : how.environment) set(name, value);
    if (!how.mark.empty()) set(mark_name, how.mark);
    for (char** entry = environ; *entry != nullptr; ++entry) {
      if (!is_set(*entry)) pointers_.push_back(*entry);
    }
    for (auto& entry : own_) pointers_.push_back(entry.data());
    pointers_.push_back(nullptr);
  }
  char** get() { return pointers_.data(); }

 private:
  void set(std::string_view name, std::string_view value) {
    auto entry = std::string(name) + '=';
    std::erase_if(own_, [&](std::string const& old) { return old.starts_with(entry); });
    own_.push_back(entry.append(value));
  }
  bool is_set(std::string_view entry) const {
    auto const name = entry.substr(0, entry.find('=') + 1);
    return std::ranges::any_of(own_, [&](auto const& own) { return own.starts_with(name); });
  }

  std::vector<std::string> own_;
  std::vector<char*> pointers_;
};

class spawn_settings {
 public:
  spawn_settings() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
  }
  ~spawn_settings() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  spawn_settings(spawn_settings const&) = delete;
  spawn_settings& operator=(spawn_settings const&) = delete;

  void standard_fds(int in, int out, int err) {
    ::posix_spawn_file_actions_adddup2(&actions_, in, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, out, 1);
    ::posix_spawn_file_actions_adddup2(&actions_, err, 2);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    // What some library opened without O_CLOEXEC.
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
#endif
  }

  void directory(std::string const& path) {
    ::posix_spawn_file_actions_addchdir_np(&actions_, path.c_str());
  }

  // No signal ignored or blocked because we do so.
  void group_and_signals(bool own_group) {
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    short const group = own_group ? POSIX_SPAWN_SETPGROUP : 0;
    ::posix_spawnattr_setflags(
        &attributes_, static_cast<short>(group | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
  }

  result<int> start(char* const* arguments, char* const* environment) {
    pid_t pid = 0;
    int const failed =
        ::posix_spawnp(&pid, arguments[0], &actions_, &attributes_, arguments, environment);
    if (failed != 0) return error_code(failed, boost::system::system_category());
    return pid;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

owned_fd& owned_fd::operator=(owned_fd&& other) noexcept {
  owned_fd old(std::exchange(fd_, other.release()));
  return *this;
}

owned_fd::~owned_fd() {
  if (fd_ >= 0) ::close(fd_);
}

result<spawned> spawn(process_options const& how, char const* mark_name) {
  auto input = open_input(how);
  if (input.has_error()) return input.error();
  auto out = open_pipe();
  if (out.has_error()) return out.error();
  auto err = open_pipe();
  if (err.has_error()) return err.error();

  spawn_settings settings;
  settings.standard_fds(input->get(), out->write.get(), err->write.get());
  if (!how.directory.empty()) settings.directory(how.directory.string());
  bool const leads_group = !how.shares_input_and_group;
  settings.group_and_signals(leads_group);
  std::vector<char*> arguments;
  for (auto const& argument : how.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  environment_block environment(how, mark_name);
  auto const pid = settings.start(arguments.data(), environment.get());
  if (pid.has_error()) return pid.error();

  owned_fd end(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  if (!end) {
    auto const why = last_error();
    ::kill(leads_group ? -*pid : *pid, SIGKILL);
    ::waitpid(*pid, nullptr, 0);
    return why;
  }
  return spawned{*pid, leads_group, std::move(out->read), std::move(err->read), std::move(end)};
}

}  // namespace corunner::exec
