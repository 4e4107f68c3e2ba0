// What run_process() does not do: a child that prints where we print, and one that is signalled
// alone.
#include "exec/process/posix_launcher.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/exec/real_loop.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

namespace corunner::exec {
namespace {

// Our own output goes into a file as long as this lives.
class redirected {
 public:
  explicit redirected(int fd)
      : fd_(fd),
        file_(::memfd_create("output", MFD_CLOEXEC)),
        before_(::fcntl(fd, F_DUPFD_CLOEXEC, 10)) {
    ::dup2(file_, fd_);
  }
  ~redirected() {
    ::dup2(before_, fd_);
    ::close(before_);
    ::close(file_);
  }
  std::string text() const {
    std::string all(1000, '\0');
    all.resize(static_cast<std::size_t>(::pread(file_, all.data(), all.size(), 0)));
    return all;
  }

 private:
  int fd_;
  int file_;
  int before_;
};

struct direct_world {
  test::real_loop loop;
  posix_launcher launcher{loop.io.get_executor(), loop.time};

  std::unique_ptr<process> sh(std::string const& script, bool shares_output) {
    process_options what;
    what.arguments = {"sh", "-c", script};
    what.shares_output = shares_output;
    return launcher.launch(what).value();
  }
};

TEST_CASE("a process that shares our output prints where we do", "[exec][process]") {
  std::fflush(nullptr);
  direct_world w;
  std::string out;
  std::string err;
  exit_status how;
  {
    redirected const first(1);
    redirected const second(2);
    auto child = w.sh("echo out; echo err >&2; exit 3", true);
    how = w.loop.run(child->wait()).value();
    out = first.text();
    err = second.text();
  }
  CHECK(how.exit_code == 3);
  CHECK(out == "out\n");
  CHECK(err == "err\n");
}

TEST_CASE("a process that is signalled alone leaves its group alive", "[exec][process]") {
  direct_world w;
  // The shell that is left behind keeps the pipe open until it is told to go, too.
  auto child =
      w.sh("(trap 'echo told; exit' USR1; echo ready; while :; do sleep 0.05; done) & wait", false);
  struct watching final : output_sink {
    std::string out;
    process* child = nullptr;
    bool shell_signalled = false;
    awaitable<void> write(channel, std::string_view bytes) override {
      out += bytes;
      if (out != "ready\n" || shell_signalled) co_return;
      shell_signalled = true;
      child->signal_alone(SIGTERM);
      auto const how = co_await child->wait();
      out += how->signal == SIGTERM ? "the shell has ended\n" : "it ended otherwise\n";
      child->signal_group(SIGUSR1);
    }
  } sink;
  sink.child = child.get();
  CHECK_FALSE(w.loop.run(child->pump(channel::out, sink)));
  CHECK(sink.out == "ready\nthe shell has ended\ntold\n");
}

}  // namespace
}  // namespace corunner::exec
