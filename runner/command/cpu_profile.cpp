#include "runner/command/cpu_profile.hpp"

#include <fcntl.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

namespace corunner {

namespace {

using word = std::uintptr_t;

constexpr word period = 10'000;  // microseconds of CPU time between two samples
constexpr std::size_t deepest = 64;

// Where the handler writes; a handler can be told nothing else.
volatile std::sig_atomic_t file_descriptor = -1;

// A sample as it stands in the file.
struct sample {
  word count = 1;
  word depth = 0;
  std::array<word, deepest> addresses{};
};

// Frames up to the interrupted one are those of the handler.
struct walk {
  sample taken;
  word interrupted = 0;
  bool inside_handler = true;
};

word interrupted_address(void* context) {
  auto const& machine = static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  return static_cast<word>(machine.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return static_cast<word>(machine.pc);
#else
  (void)machine;
  return 0;
#endif
}

_Unwind_Reason_Code take_frame(_Unwind_Context* frame, void* into) {
  auto& at = *static_cast<walk*>(into);
  auto const address = static_cast<word>(_Unwind_GetIP(frame));
  if (at.inside_handler && address != at.interrupted) return _URC_NO_REASON;
  at.inside_handler = false;
  if (at.taken.depth == deepest) return _URC_END_OF_STACK;
  at.taken.addresses[at.taken.depth++] = address;
  return _URC_NO_REASON;
}

void write_words(void const* from, std::size_t count) {
  // What cannot be written is lost: there is nobody to tell inside a handler.
  [[maybe_unused]] auto const written = ::write(file_descriptor, from, count * sizeof(word));
}

void take_sample(int, siginfo_t*, void* context) {
  int const before = errno;
  walk at;
  at.interrupted = interrupted_address(context);
  _Unwind_Backtrace(take_frame, &at);
  if (at.taken.depth == 0) at.taken.addresses[at.taken.depth++] = at.interrupted;
  write_words(&at.taken, 2 + at.taken.depth);
  errno = before;
}

void set_timer(word microseconds) {
  ::itimerval every{};
  every.it_interval.tv_usec = every.it_value.tv_usec = static_cast<suseconds_t>(microseconds);
  ::setitimer(ITIMER_PROF, &every, nullptr);
}

}  // namespace

std::optional<std::string> cpu_profile::start(std::filesystem::path const& file) {
  int const fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return "cannot write '" + file.string() + "': " + std::strerror(errno);
  file_descriptor = fd;
  constexpr std::array<word, 5> header{0, 3, 0, period, 0};
  write_words(header.data(), header.size());
  // The first walk finds the tables that later ones only read.
  walk warm_up;
  _Unwind_Backtrace(take_frame, &warm_up);
  struct sigaction action {};
  action.sa_sigaction = take_sample;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  ::sigaction(SIGPROF, &action, nullptr);
  set_timer(period);
  started_ = true;
  return std::nullopt;
}

cpu_profile::~cpu_profile() {
  if (!started_) return;
  set_timer(0);
  std::signal(SIGPROF, SIG_IGN);
  constexpr std::array<word, 3> end{0, 1, 0};
  write_words(end.data(), end.size());
  std::ifstream in("/proc/self/maps", std::ios::binary);
  std::string const maps(std::istreambuf_iterator<char>(in), {});
  [[maybe_unused]] auto const written = ::write(file_descriptor, maps.data(), maps.size());
  ::close(file_descriptor);
  file_descriptor = -1;
}

}  // namespace corunner
