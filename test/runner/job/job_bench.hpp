#pragma once

#include "runner/job/build_directories.hpp"
#include "runner/job/job_run.hpp"
#include "runner/trace/job_trace.hpp"
#include "test/runner/job/fake_executor.hpp"
#include "test/runner/trace/memory_spool.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner::test {

// A payload as the observed jobs have it, with strategy none.
gitlab::job_payload plain_payload();
// A configuration entry for the shell executor.
config::runner_entry plain_runner();

// `text` with ESC as \e and CR as \r, so that a failing test can be read.
std::string visible(std::string_view text);

// One job in a world that a test owns: a fake executor, manual time, a trace in memory.
struct job_bench {
  asio::io_context io;
  manual_time time{io.get_executor()};
  fake_world world;
  std::string stored;
  std::unique_ptr<job_trace> trace;
  gitlab::job_payload payload = plain_payload();
  config::runner_entry runner = plain_runner();
  std::vector<std::string> logged;
  std::vector<std::string> stages_logged;
  build_directories directories{io.get_executor()};
  std::unique_ptr<job_run> job;
  std::optional<job_outcome> outcome;

  ~job_bench();

  void script(std::vector<std::string> lines) { add_step("script", std::move(lines)); }
  void after_script(std::vector<std::string> lines) { add_step("after_script", std::move(lines)); }
  void add_step(std::string name, std::vector<std::string> lines);
  void variable(std::string key, std::string value);

  job_input input() const;
  // Makes the job / lets it go as far as it can without time passing / both.
  void create();
  void begin();
  void start();
  void advance(net::time_source::duration by);
  // Lets time pass from deadline to deadline until the job has ended.
  job_outcome const& finish();
  // start() and finish().
  job_outcome const& run();

  std::string log() const { return visible(stored); }
  bool logged_line(std::string_view text) const { return log().find(text) != std::string::npos; }
};

}  // namespace corunner::test
