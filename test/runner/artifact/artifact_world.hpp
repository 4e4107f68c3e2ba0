#pragma once

#include "runner/artifact/artifact_context.hpp"
#include "runner/artifact/artifact_options.hpp"
#include "test/exec/archive/scratch.hpp"
#include "test/runner/gitlab/api_world.hpp"

#include <map>
#include <string>
#include <vector>

namespace corunner::test {

// A launcher for commands that must not start anything.
class no_processes final : public exec::process_launcher {
 public:
  result<std::unique_ptr<exec::process>> launch(exec::process_options const&) override {
    return error_code(asio::error::not_found);
  }
  awaitable<std::size_t> end_strays(std::string) override { co_return 0; }
};

// An artifact command against a server with canned answers, in memory and under manual time; the
// files and the threads of the pool are real.
struct artifact_world : api_world {
  artifact_world();

  scratch files;  // proj is the working directory, tmp the one for temporary files
  std::map<std::string, std::string, std::less<>> variables;
  std::string log;     // as on standard error, without colours and padding
  std::string metered;
  net::blocking_pool pool{1};
  no_processes processes;
  log_target log_output;
  artifact_context context;

  artifact_credentials credentials() const;
  // Runs a command to its end. Time goes on only when nothing else can: not while the pool works.
  int run(awaitable<int> command);
  // How much time that took.
  std::chrono::milliseconds elapsed() const;

 private:
  std::size_t fence();
  void settle_with_pool();
  std::size_t idle_fence_ = 0;  // handlers that fence() runs when nothing else does
  net::time_source::time_point begin_ = time.now();
};

}  // namespace corunner::test
