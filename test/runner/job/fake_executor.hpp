#pragma once

#include "exec/executor.hpp"
#include "net/time_source.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace corunner::test {

// What a stage of a fake executor does.
struct fake_stage {
  std::chrono::milliseconds lasts{0};  // by itself
  std::chrono::milliseconds stubborn{0};  // after a cancel
  exec::stage_outcome outcome;
  std::string prints;
  std::function<void()> begins;        // called when it starts
};

// What a test sees of its executors, and how they behave.
struct fake_world {
  std::map<std::string, std::vector<fake_stage>> stages;  // by name; the last one repeats
  std::vector<exec::prepare_failure> prepare_failures;    // of the first tries, in order
  std::chrono::milliseconds prepare_lasts{0};
  bool throws = false;                                    // a stage does

  std::vector<std::string> ran;     // names, in order
  std::vector<std::string> scripts;
  std::vector<exec::job_environment> prepared;
  int cleaned = 0;

  static exec::stage_outcome exits(int code) {
    return {.how = exec::stage_outcome::kind::exited, .exit_code = code};
  }
  void set(std::string const& name, fake_stage how) { stages[name] = {std::move(how)}; }
  fake_stage next(std::string const& name) {
    auto& list = stages[name];
    if (list.empty()) return {};
    auto const first = list.front();
    if (list.size() > 1) list.erase(list.begin());
    return first;
  }
};

// An executor without shells: its stages end as the test says, on the test's time.
class fake_executor final : public exec::executor {
 public:
  fake_executor(net::time_source& time, fake_world& world) : time_(time), world_(world) {}

  awaitable<std::optional<exec::prepare_failure>> prepare(
      exec::job_environment const& job) override {
    world_.prepared.push_back(job);
    if (world_.prepare_lasts.count() > 0) co_await time_.sleep_for(world_.prepare_lasts);
    if (world_.prepare_failures.empty()) co_return std::nullopt;
    auto const failure = world_.prepare_failures.front();
    world_.prepare_failures.erase(world_.prepare_failures.begin());
    co_return failure;
  }

  awaitable<exec::stage_outcome> run(exec::stage what,
                                     exec::output_sink& output) override {
    world_.ran.push_back(what.name);
    world_.scripts.push_back(what.script);
    auto const how = world_.next(what.name);
    if (how.begins) how.begins();
    if (world_.throws) throw std::runtime_error("out of luck");
    if (!how.prints.empty()) co_await output.write(exec::channel::out, how.prints);
    if (how.lasts.count() == 0) co_return how.outcome;
    if (error_code const ec = co_await time_.sleep_for(how.lasts); !ec) co_return how.outcome;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await time_.sleep_for(how.stubborn);
    co_return exec::stage_outcome{.how = exec::stage_outcome::kind::canceled, .exit_code = 1};
  }

  awaitable<void> cleanup() override {
    ++world_.cleaned;
    co_return;
  }

  std::string description() const override { return "Using Fake executor..."; }

 private:
  net::time_source& time_;
  fake_world& world_;
};

}  // namespace corunner::test
