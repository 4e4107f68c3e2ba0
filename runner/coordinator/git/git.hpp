#pragma once

#include "exec/process/process.hpp"
#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corunner::coordinator {

// What git says makes it impossible to go on: what(), for the person.
struct git_failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct git_result {
  int exit_code = -1;
  std::string out;
  std::string err;  // also why git could not be started

  bool ok() const { return exit_code == 0; }
  // `out` without the newline at its end.
  std::string line() const;
};

// "cannot <doing>: <what git said>"
std::string message_of(std::string_view doing, git_result const& ended);
std::vector<std::string> lines_of(std::string_view text);

struct git_call {
  std::vector<std::string> arguments;  // without "git"
  std::filesystem::path directory;
  std::vector<std::pair<std::string, std::string>> environment;
  std::optional<std::string> input;
};

// How git is started, in every case: it asks nobody (no terminal prompt, no pager, no editor),
// locks nothing that it need not, runs no hook, and GIT_* variables that the user's shell may carry
// are neutralised.
exec::process_options git_process(git_call what);

// Runs the machine's git and keeps what it prints (at most 64 MiB, then the call fails).
class git {
 public:
  git(exec::process_launcher& launcher, net::time_source& time)
      : launcher_(&launcher), time_(&time) {}

  awaitable<git_result> run(git_call what) const;
  // Independent calls side by side; results in their order.
  awaitable<std::vector<git_result>> run_together(std::vector<git_call> calls) const;
  // The same for a repository: `git --git-dir=<dir> arguments...`.
  awaitable<git_result> run_in(std::filesystem::path git_dir,
                               std::vector<std::string> arguments) const;

  exec::process_launcher& launcher() const { return *launcher_; }
  net::time_source& time() const { return *time_; }

 private:
  exec::process_launcher* launcher_;
  net::time_source* time_;
};

}  // namespace corunner::coordinator
