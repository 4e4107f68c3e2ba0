#include "runner/artifact/untracked_files.hpp"

#include "exec/process/run_process.hpp"

namespace corunner {
namespace {

class listing_sink final : public exec::output_sink {
 public:
  explicit listing_sink(artifact_context& context) : context_(context) {}

  awaitable<void> write(exec::channel from, std::string_view bytes) override {
    if (from == exec::channel::out) {
      names += bytes;
    } else if (context_.errors) {
      context_.errors(bytes);
    }
    co_return;
  }

  std::string names;

 private:
  artifact_context& context_;
};

}  // namespace

awaitable<untracked_listing> untracked_files(artifact_context& context) {
  exec::process_options git;
  git.arguments = {"git", "ls-files", "-o", "-z"};
  git.directory = context.working_directory;
  listing_sink sink(context);
  auto const ran = co_await exec::run_process(context.processes, context.time, git, sink);
  using kind = exec::run_result::kind;
  if (ran.how == kind::not_started) {
    co_return untracked_listing{{}, "exec: \"git\": executable file not found in $PATH"};
  }
  if (ran.how == kind::canceled) co_return untracked_listing{{}, "signal: killed"};
  if (!ran.status.ok()) co_return untracked_listing{{}, exec::describe(ran.status)};
  co_return untracked_listing{std::move(sink.names), {}};
}

}  // namespace corunner
