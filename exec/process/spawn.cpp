#include "exec/process/spawn.hpp"

#include "exec/process/start_child.hpp"

#include <fcntl.h>
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

result<owned_fd> open_null() {
  auto null = above_standard_fds(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return last_error();
  return null;
}

// Our own input or output, for the child; nothing if we were started with it closed.
result<owned_fd> share(int fd) {
  owned_fd ours(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
  if (ours) return ours;
  if (errno != EBADF) return last_error();
  return open_null();
}

result<owned_fd> open_input(process_options const& how) {
  auto const& input = how.input;
  if (how.shares_input_and_group) return share(0);
  if (!input) return open_null();
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

// Where the child prints: into a pipe, or where we do, which has no end for us.
result<pipe_ends> open_output(process_options const& how, int fd) {
  if (!how.shares_output) return open_pipe();
  auto ours = share(fd);
  if (ours.has_error()) return ours.error();
  return pipe_ends{owned_fd(), std::move(*ours)};
}

// Our environment with `how` on top, as exec takes it.
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

}  // namespace

owned_fd& owned_fd::operator=(owned_fd&& other) noexcept {
  owned_fd old(std::exchange(fd_, other.release()));
  return *this;
}

owned_fd::~owned_fd() {
  if (fd_ >= 0) ::close(fd_);
}

result<spawned> spawn(process_options const& how, char const* mark_name, owned_fd control_group) {
  auto input = open_input(how);
  if (input.has_error()) return input.error();
  auto out = open_output(how, 1);
  if (out.has_error()) return out.error();
  auto err = open_output(how, 2);
  if (err.has_error()) return err.error();
  control_group = above_standard_fds(control_group.release());

  bool const leads_group = !how.shares_input_and_group;
  std::vector<char*> arguments;
  for (auto const& argument : how.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  environment_block environment(how, mark_name);
  child_start start;
  start.arguments = arguments.data();
  start.environment = environment.get();
  if (!how.directory.empty()) start.directory = how.directory.c_str();
  start.in = input->get();
  start.out = out->write.get();
  start.err = err->write.get();
  start.control_group = control_group.get();
  start.leads_group = leads_group;
  auto const pid = start_child(start);
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
