#pragma once

#include "net/blocking_pool.hpp"
#include "net/event.hpp"
#include "runner/coordinator/git/answer_memory.hpp"
#include "runner/coordinator/git/git.hpp"
#include "runner/coordinator/job_board.hpp"
#include "runner/coordinator/job_queue.hpp"
#include "runner/coordinator/rate_limits.hpp"
#include "runner/coordinator/server.hpp"
#include "runner/coordinator/storage/store.hpp"
#include "runner/coordinator/storage/trace_files.hpp"
#include "runner/coordinator/times.hpp"

#include <set>

namespace corunner::coordinator {

// What the endpoints work with: made once by the server, outlives every exchange.
struct context {
  context(asio::any_io_executor loop, net::time_source& clock, net::blocking_pool& threads,
          exec::process_launcher& launcher, server_options how,
          std::filesystem::path const& database);

  asio::any_io_executor executor;
  net::time_source& time;
  net::blocking_pool& pool;
  git git_tool;
  answer_memory git_answers;
  server_options options;
  store data;
  job_queue queue;
  job_board board;
  trace_files traces;
  fault_plan faults;
  rate_limits limits;
  std::vector<observer*> watchers;
  std::set<std::int64_t> busy;  // jobs whose trace or artifact is being written
  net::event stopping;          // held polls end
  net::event deadlines;         // the keeper of time looks again
  std::function<void(std::string const&)> failed;

  milliseconds_since_epoch now() const { return wall_milliseconds(time); }
  std::string url() const { return options.advertised_url; }
  // Seconds that a runner should wait between two patches.
  int trace_interval() const;
};

job_view view_of(job_record const& job, std::vector<std::string> tags);
pipeline_view view_of(pipeline_record const& pipeline);

}  // namespace corunner::coordinator
