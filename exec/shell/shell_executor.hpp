#pragma once

#include "exec/executor.hpp"
#include "exec/process/process.hpp"
#include "exec/process/run_process.hpp"
#include "net/time_source.hpp"

#include <string>
#include <vector>

namespace corunner::exec {

// Runs the scripts of a job with a shell on this machine, as us or as another user.
//
// The script is the shell's stdin, or a file that is gone with the stage; the shell is the leader
// of a process group and inherits our environment (plus the mark by which strays are found). A
// stage that ends leaves its background processes to the later stages of the job, except those that
// held its pipes longer than the drain time; cleanup() ends them all. Behaviour and texts:
// shells.md 8 and 9.
class shell_executor final : public executor {
 public:
  shell_executor(process_launcher& launcher, net::time_source& time, run_options how = {});

  awaitable<std::optional<prepare_failure>> prepare(job_environment const& job) override;
  awaitable<stage_outcome> run(stage what, output_sink& output) override;
  awaitable<void> cleanup() override;
  std::string description() const override;

 private:
  process_launcher& launcher_;
  net::time_source& time_;
  run_options how_;
  job_environment job_;
  std::string mark_;
};

}  // namespace corunner::exec
