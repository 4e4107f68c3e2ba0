#include "exec/process/start_child.hpp"

#include "exec/process/clone3.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace corunner::exec {
namespace {

// No handler of ours may run in the child, on our memory.
class no_signals {
 public:
  no_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~no_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  no_signals(no_signals const&) = delete;
  no_signals& operator=(no_signals const&) = delete;

 private:
  sigset_t before_;
};

// What the child does runs on the parent's stack and leaves no marks there of what a sanitizer
// notes.
#define CORUNNER_UNMARKED __attribute__((no_sanitize("address")))

CORUNNER_UNMARKED void default_signals() {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (int signal = 1; signal != NSIG; ++signal) ::sigaction(signal, &usual, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

// Where the child could not begin in the group.
CORUNNER_UNMARKED void enter(int control_group) {
  int const members = ::openat(control_group, "cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (members < 0) return;
  [[maybe_unused]] auto const written = ::write(members, "0", 1);
  ::close(members);
}

// Returns the error of what failed, else not at all. Only system calls: nothing may be allocated,
// locked or changed on the way.
CORUNNER_UNMARKED int become(child_start const& how) {
  if (how.leads_group && ::setpgid(0, 0) != 0) return errno;
  if (how.directory != nullptr && ::chdir(how.directory) != 0) return errno;
  if (::dup2(how.in, 0) < 0 || ::dup2(how.out, 1) < 0 || ::dup2(how.err, 2) < 0) return errno;
#ifdef SYS_close_range
  // What some library opened without O_CLOEXEC.
  ::syscall(SYS_close_range, 3U, ~0U, 0U);
#endif
  default_signals();
  ::execvpe(how.arguments[0], how.arguments, how.environment);
  return errno;
}

}  // namespace

// Not posix_spawn, which cannot enter a control group before glibc 2.39, and not fork, which copies
// the tables of our memory: that costs more than a shell does.
result<int> start_child(child_start const& how) {
  no_signals const quiet;
  // To move a child that runs makes the kernel wait out a grace period, 10 ms and more, and our
  // loop with it; to begin in a group of the unified hierarchy costs nothing.
  clone_args begin_inside{};
  begin_inside.flags = CLONE_VM | CLONE_VFORK | CLONE_INTO_CGROUP;
  begin_inside.exit_signal = SIGCHLD;
  begin_inside.cgroup = static_cast<unsigned>(how.control_group);
  int volatile failure = 0;
  bool volatile outside = false;
  pid_t volatile pid = -1;
  if (how.control_group >= 0) {
    pid = static_cast<pid_t>(corunner_clone3(&begin_inside, sizeof begin_inside));
    outside = pid < 0;
  }
  if (pid < 0) pid = ::vfork();
  if (pid == 0) {
    if (outside) enter(how.control_group);
    failure = become(how);
    ::_exit(127);
  }
  if (pid < 0) return error_code(errno, boost::system::system_category());
  if (failure == 0) return static_cast<int>(pid);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return error_code(failure, boost::system::system_category());
}

}  // namespace corunner::exec
