#pragma once

#include "net/event.hpp"
#include "runner/command/live_log.hpp"
#include "runner/command/terminal.hpp"
#include "runner/coordinator/observer.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// What a person sees of a pipeline while it runs: the logs of its jobs as they come, each line with
// the coloured name of its job, or one job's plain log.
class local_view final : public coordinator::observer {
 public:
  struct options {
    std::vector<std::string> names;  // of all jobs: for the width of the prefix
    std::string only;                // show just this job's log, without prefix; empty: all
  };

  local_view(asio::any_io_executor executor, terminal const& screen, options how);

  void job_changed(coordinator::job_view const& job) override;
  void trace_appended(std::int64_t job, std::uint64_t offset, std::string_view bytes) override;
  void pipeline_changed(coordinator::pipeline_view const& pipeline) override;

  // Set when the pipeline has finished, or waits for a person.
  net::event& ended() { return ended_; }

 private:
  struct shown_job {
    std::string name;
    live_log log;
  };

  std::string prefix(std::string const& name) const;
  void say(std::string const& name, std::string_view text) const;

  terminal const& screen_;
  options how_;
  std::size_t width_ = 0;
  std::map<std::int64_t, shown_job> jobs_;
  net::event ended_;
};

}  // namespace corunner
