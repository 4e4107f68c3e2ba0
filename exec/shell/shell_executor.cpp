#include "exec/shell/shell_executor.hpp"

#include "exec/script/shell_writer.hpp"
#include "exec/shell/script_file.hpp"
#include "exec/shell/start_command.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <random>
#include <system_error>
#include <utility>

namespace corunner::exec {
namespace {

// No two environments share one, also not those of a runner in a job of another runner.
std::string new_mark(std::int64_t job_id) {
  std::random_device random;
  return fmt::format("{}-{:08x}{:08x}", job_id, random(), random());
}

// Where a script stands that is a file.
std::filesystem::path script_directory(std::string const& mark) {
  std::error_code unknown;
  auto const base = std::filesystem::temp_directory_path(unknown);
  return (unknown ? std::filesystem::path("/tmp") : base) / ("build_script" + mark);
}

bool is_run_by_us(std::string const& shell) { return is_known_shell(shell) && shell != "dummy"; }

// The system profile of Debian and others asks `id -u`, in each stage of each job. While bash reads
// its profiles a function answers that without starting a program (1 of 3 ms that an empty stage
// takes); it is gone before the script begins. The shebang is a comment for a shell that reads its
// stdin, also on this line, so that line numbers in messages stay.
void answer_id_in_profile(process_options& how) {
  how.environment.emplace_back(
      "BASH_FUNC_id%%",
      "() { if [ \"$*\" = -u ]; then echo \"$EUID\"; else command id \"$@\"; fi; }");
  how.input = "unset -f id; " + how.input.value_or("");
}

stage_outcome to_outcome(run_result const& ran) {
  stage_outcome outcome;
  outcome.exit_code = ran.status.exit_code;
  outcome.signal = ran.status.signal;
  outcome.message = ran.message;
  switch (ran.how) {
    case run_result::kind::ended:
      outcome.how =
          ran.status.signal != 0 ? stage_outcome::kind::signaled : stage_outcome::kind::exited;
      if (!ran.status.ok()) outcome.message = describe(ran.status);
      break;
    case run_result::kind::not_started:
      outcome.how = stage_outcome::kind::failed;
      outcome.message = fmt::format("failed to start process: {}", ran.message);
      break;
    case run_result::kind::lost:
      outcome.how = stage_outcome::kind::failed;
      break;
    case run_result::kind::canceled:
      outcome.how = stage_outcome::kind::canceled;
      if (outcome.message.empty()) outcome.message = describe(ran.status);
      break;
  }
  return outcome;
}

}  // namespace

shell_executor::shell_executor(process_launcher& launcher, net::time_source& time, run_options how)
    : launcher_(launcher), time_(time), how_(how) {}

awaitable<std::optional<prepare_failure>> shell_executor::prepare(job_environment const& job) {
  if (!is_run_by_us(job.shell)) {
    prepare_failure failure;
    failure.message = fmt::format("shell {} not found", job.shell);
    co_return failure;
  }
  job_ = job;
  mark_ = new_mark(job.job_id);
  for (auto const& what : launcher_.leftovers_of(mark_)) job.creates(what);
  if (is_script_a_file(job)) {
    job.creates({leftover::kind::directory, script_directory(mark_).string()});
  }
  co_return std::nullopt;
}

awaitable<stage_outcome> shell_executor::run(stage what, output_sink& output) {
  process_options how;
  how.arguments = shell_command_line(job_);
  how.directory = job_.working_directory;
  std::optional<script_file> file;
  if (is_script_a_file(job_)) {
    auto made = script_file::make(script_directory(mark_), script_file_name(job_), what.script);
    if (made.has_error()) {
      stage_outcome outcome;
      outcome.how = stage_outcome::kind::failed;
      outcome.message = fmt::format("failed to create script file: {}", made.error().message());
      co_return outcome;
    }
    file.emplace(std::move(*made));
    how.arguments.push_back(file->path());
  } else {
    how.input = std::move(what.script);
  }
  how.mark = mark_;
  // Of the job that we are perhaps in ourselves, otherwise.
  if (!job_.proxy.empty()) {
    how.environment.emplace_back("RUNNER_TEMP_PROJECT_DIR", job_.temporary_directory);
  }
  if (job_.shell == "bash" && job_.login_shell && job_.user.empty()) answer_id_in_profile(how);
  auto const ran = co_await run_process(launcher_, time_, std::move(how), output, how_);
  co_return to_outcome(ran);
}

awaitable<void> shell_executor::cleanup() {
  if (!mark_.empty()) co_await launcher_.end_strays(mark_);
}

std::string shell_executor::description() const {
  return fmt::format("Using Shell ({}) executor...", job_.shell);
}

}  // namespace corunner::exec
