#pragma once

#include "exec/process/process.hpp"
#include "net/event.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace corunner::test {

// A child that does only what a test or a simulated world says, at the moment it says it.
class scripted_process {
 public:
  explicit scripted_process(exec::process_options how) : options(std::move(how)) {}

  exec::process_options const options;
  std::vector<int> signals;                  // what it was sent
  std::function<void(int)> on_signal;        // its traps
  error_code signal_failure;                 // what sending gives

  // What it does. The pipes stay open until they are closed, whether it has ended or not.
  void print(exec::channel to, std::string bytes) {
    printed_[to].push_back(std::move(bytes));
    stir();
  }
  void exit(exec::exit_status how) {
    status_ = how;
    stir();
  }
  void close(exec::channel which) {
    closed_[which] = true;
    stir();
  }
  // Ends as a process does that leaves nothing behind.
  void end(exec::exit_status how) {
    close(exec::channel::out);
    close(exec::channel::err);
    exit(how);
  }
  bool is_owned() const { return owned_; }

 private:
  friend class scripted_launcher;
  class handle;

  void stir() {
    auto const woken = std::exchange(waiting_, {});
    for (auto* waiter : woken) waiter->set();
  }
  awaitable<error_code> wait() {
    net::event woken(co_await asio::this_coro::executor);
    waiting_.push_back(&woken);
    error_code const ec = co_await woken.wait();
    std::erase(waiting_, &woken);
    co_return ec;
  }

  std::map<exec::channel, std::deque<std::string>> printed_;
  std::map<exec::channel, bool> closed_;
  std::optional<exec::exit_status> status_;
  bool stopping_ = false;
  bool owned_ = true;
  std::vector<net::event*> waiting_;
};

class scripted_process::handle final : public exec::process {
 public:
  handle(std::shared_ptr<scripted_process> self, int pid) : self_(std::move(self)), pid_(pid) {}
  ~handle() override { self_->owned_ = false; }

  int pid() const override { return pid_; }

  awaitable<error_code> pump(exec::channel which, exec::output_sink& output) override {
    auto& printed = self_->printed_[which];
    while (true) {
      while (!printed.empty()) {
        auto const bytes = std::move(printed.front());
        printed.pop_front();
        co_await output.write(which, bytes);
      }
      if (self_->closed_[which] || self_->stopping_) co_return error_code();
      if (error_code const ec = co_await self_->wait()) co_return ec;
    }
  }

  void stop_pumping() override {
    self_->stopping_ = true;
    self_->stir();
  }

  awaitable<result<exec::exit_status>> wait() override {
    while (!self_->status_) {
      if (error_code const ec = co_await self_->wait()) co_return ec;
    }
    co_return *self_->status_;
  }

  error_code signal_group(int signal) override {
    self_->signals.push_back(signal);
    if (self_->signal_failure) return self_->signal_failure;
    if (self_->on_signal) self_->on_signal(signal);
    return {};
  }

 private:
  std::shared_ptr<scripted_process> self_;
  int pid_;
};

// Starts scripted processes and remembers them, and whose strays were to be ended.
class scripted_launcher final : public exec::process_launcher {
 public:
  result<std::unique_ptr<exec::process>> launch(exec::process_options const& how) override {
    if (launch_failure) return launch_failure;
    started.push_back(std::make_shared<scripted_process>(how));
    if (on_launch) on_launch(*started.back());
    int const pid = 1000 + static_cast<int>(started.size());
    return std::unique_ptr<exec::process>(
        std::make_unique<scripted_process::handle>(started.back(), pid));
  }

  awaitable<std::size_t> end_strays(std::string mark) override {
    strays_ended.push_back(std::move(mark));
    co_return 0;
  }

  std::vector<std::shared_ptr<scripted_process>> started;
  std::vector<std::string> strays_ended;
  std::function<void(scripted_process&)> on_launch;
  error_code launch_failure;
};

}  // namespace corunner::test
