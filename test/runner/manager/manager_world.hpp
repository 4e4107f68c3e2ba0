#pragma once

#include "exec/dummy/dummy_executor.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "runner/manager/manager.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/memory_storage.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner::test {

// What our GitLab was asked, and when, in seconds of manual time.
struct asked_call {
  double at = 0;
  std::string line;  // "PUT /api/v4/jobs/1"
  boost::json::object body;
  std::string text(std::string_view key) const;
  bool has(std::string_view key) const { return body.contains(key); }
};

// What it answers, and how long it takes.
struct told {
  int status = 204;
  net::http_fields fields;
  std::string body;
  net::time_source::duration after{};
  bool drop = false;
};

// The manager with dummy executors (executor = "dummy"), and a GitLab that answers polls as the
// test says, in memory and on manual time. PUT is answered with 200 and PATCH with 202 unless told
// otherwise.
class manager_world {
 public:
  manager_world();
  ~manager_world();

  asio::io_context io;
  manual_time time{io.get_executor()};
  config::configuration values;
  manager_options options;

  std::function<told(asked_call const&)> on_poll;
  std::function<told(asked_call const&)> on_put;

  // One more [[runners]] entry.
  config::runner_entry& entry(std::string token);
  // An answer to a poll: a job with that script for the dummy executor.
  static told job(std::int64_t id, std::string script);

  // Begins with `values`.
  void start();
  void reconfigure(std::function<void(config::configuration&)> const& change);
  void run_for(net::time_source::duration length);
  manager& jobs() { return *manager_; }
  std::optional<manager_end> ended() const { return ended_; }

  double seconds() const;
  std::vector<asked_call> const& polls() const { return polls_; }
  // When they were asked, in tenths of a second: those of one entry, or all.
  std::vector<double> polled_at(std::string_view token = {}) const;
  std::vector<asked_call> const& calls() const { return calls_; }  // but polls
  // The states that were sent for a job, in order.
  std::vector<std::string> states_of(std::int64_t id) const;
  std::vector<std::string> const& log() const { return log_; }
  std::size_t logged(std::string_view text) const;
  std::string all_log() const;
  exec::dummy_world const& dummies() const { return dummies_; }

 private:
  awaitable<void> handle(net::http_exchange& exchange);
  manager_services services();
  awaitable<void> run();

  memory_dialer network_{io.get_executor()};
  net::http_client http_{network_, time, {.user_agent = "tests"}};
  std::unique_ptr<net::listener> listener_ = network_.listen("gitlab.test", 80);
  net::http_server server_;
  net::blocking_pool pool_{0};
  memory_disk disk_;
  corunner::journal journal_{std::make_unique<memory_storage>(disk_, "1")};
  std::vector<std::string> log_;
  log_target output_{time, [this](std::string_view line) { log_.emplace_back(line); }};
  exec::dummy_world dummies_;
  std::vector<asked_call> polls_;
  std::vector<asked_call> calls_;
  std::optional<manager_end> ended_;
  std::optional<manager> manager_;
  net::task_group children_{io.get_executor()};
};

}  // namespace corunner::test
