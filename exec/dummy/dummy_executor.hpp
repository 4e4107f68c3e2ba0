#pragma once

#include "exec/executor.hpp"
#include "net/time_source.hpp"

#include <cstdint>
#include <string>

namespace corunner::exec {

// What a simulated world sees and steers of all its dummy executors. Outlives them.
struct dummy_world {
  std::string fail_prepare;         // not empty: prepare() fails with this message
  std::string fail_prepare_reason;  // and this failure_reason
  std::int64_t prepared = 0;        // environments alive now
  std::int64_t stages = 0;          // stages begun
  std::int64_t strays = 0;          // left behind by `leak`, not yet cleaned up
};

// Runs scripts without a process: one command a line, on the time source.
//
//   print TEXT, echo TEXT   a line on stdout         sleep 1.5s         (also ms, m, h; a bare
//   error TEXT              a line on stderr                             number is seconds)
//   raw TEXT                without a line end       true, false, :     as in a shell
//   repeat N TEXT           N lines on stdout        exit N             ends the stage
//   hang                    until cancelled          signal N           dies of it
//   stubborn 10s            from here on a cancel    leak               leaves a stray until
//                           takes that long                             cleanup()
//   fail TEXT               the stage cannot be run (a system failure)
//
// In TEXT `\n`, `\r`, `\e`, `\\` are escapes. Blank lines and `#` comments are skipped; another
// word ends the stage with 127, as an unknown command does. Write stage scripts with the "dummy"
// shell (make_shell_writer), which leaves only the user's commands and what the log shows.
class dummy_executor final : public executor {
 public:
  dummy_executor(net::time_source& time, dummy_world& world);
  ~dummy_executor() override;

  awaitable<std::optional<prepare_failure>> prepare(job_environment const& job) override;
  awaitable<stage_outcome> run(stage what, output_sink& output) override;
  awaitable<void> cleanup() override;
  std::string description() const override;

 private:
  void release();

  net::time_source& time_;
  dummy_world& world_;
  bool prepared_ = false;
  std::int64_t leaked_ = 0;
};

}  // namespace corunner::exec
