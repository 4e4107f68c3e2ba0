#pragma once

#include "runner/wrapper/process_wrapper.hpp"
#include "test/exec/scripted_launcher.hpp"
#include "test/net/http_world.hpp"
#include "test/support/settle.hpp"

#include <csignal>
#include <optional>
#include <string>

namespace corunner::test {

// A wrapper whose process does what the test says, with a supervisor in memory at supervisor:80.
struct wrapper_world : http_world {
  wrapper_world() {
    target.set_level(log_level::debug);
    target.set_format(log_format::text);
  }
  ~wrapper_world() { end(); }

  void start() {
    wrapper.emplace(io.get_executor(), time, launcher, client, logger(target),
                    process_wrapper::options{.arguments = {"program", "run"},
                                             .termination_timeout = std::chrono::seconds(10)});
    spawn(run());
    settle();
  }
  // What a supervisor's or the service manager's stop brings about.
  void stop_wrapper() {
    stop.set();
    settle();
  }
  void exit(exec::exit_status how) {
    child().exit(how);
    settle();
  }
  scripted_process& child() { return *launcher.started.at(0); }
  std::string_view status() { return name_of(wrapper->status().status); }
  bool said(std::string_view text) const { return log.find(text) != std::string::npos; }

  std::string log;
  log_target target{time, [this](std::string_view line) { log += line; }};
  scripted_launcher launcher;
  net::event stop{io.get_executor()};
  std::optional<process_wrapper> wrapper;
  std::optional<wrapper_end> ended;

 private:
  awaitable<void> run() { ended = co_await wrapper->run(stop); }
  void end() {
    if (!wrapper || ended) return;
    stop.set();
    settle();
    advance(std::chrono::seconds(10));
  }
};

}  // namespace corunner::test
