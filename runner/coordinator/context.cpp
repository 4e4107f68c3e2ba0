#include "runner/coordinator/context.hpp"

namespace corunner::coordinator {

context::context(asio::any_io_executor loop, net::time_source& clock, net::blocking_pool& threads,
                 exec::process_launcher& launcher, server_options how,
                 std::filesystem::path const& database)
    : executor(loop),
      time(clock),
      pool(threads),
      git_tool(launcher, clock),
      options(std::move(how)),
      data(database),
      queue(loop),
      board(data, queue, clock),
      traces(options.state_dir / "traces"),
      stopping(loop),
      deadlines(loop) {
  board.job_changed = [this](job_record const& job) {
    if (watchers.empty()) return;
    auto const tags = board.plans().of(job.pipeline_id)->job(job.name).tags;
    for (auto* const who : watchers) who->job_changed(view_of(job, tags));
  };
  board.pipeline_changed = [this](pipeline_record const& pipeline) {
    for (auto* const who : watchers) who->pipeline_changed(view_of(pipeline));
  };
  board.deadlines_changed = [this] { deadlines.set(); };
}

int context::trace_interval() const {
  return watchers.empty() ? static_cast<int>(options.trace_interval.count()) : 3;
}

job_view view_of(job_record const& job, std::vector<std::string> tags) {
  job_view view;
  view.id = job.id;
  view.pipeline_id = job.pipeline_id;
  view.name = job.name;
  view.stage = job.stage;
  view.status = job.status;
  view.failure_reason = job.failure_reason;
  if (job.exit_code) view.exit_code = static_cast<int>(*job.exit_code);
  view.allow_failure = job.allow_failure;
  view.retried = job.retried;
  view.tags = std::move(tags);
  view.runner_id = job.runner_id.value_or(0);
  view.queued_at = to_wall(job.queued_at);
  view.started_at = to_wall(job.started_at);
  view.finished_at = to_wall(job.finished_at);
  view.trace_size = static_cast<std::uint64_t>(job.trace_size);
  view.trace_crc32 = static_cast<std::uint32_t>(job.trace_crc32);
  if (job.trace_intact) view.trace_intact = *job.trace_intact != 0;
  return view;
}

pipeline_view view_of(pipeline_record const& pipeline) {
  return {pipeline.id,  pipeline.project_id, pipeline.status,
          pipeline.ref, pipeline.sha,        pipeline.source};
}

}  // namespace corunner::coordinator
