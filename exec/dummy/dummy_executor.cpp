#include "exec/dummy/dummy_executor.hpp"

#include "exec/dummy/dummy_command.hpp"
#include "exec/process/exit_status.hpp"
#include "net/event.hpp"
#include "net/task_group.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <exception>
#include <string_view>
#include <utility>

namespace corunner::exec {
namespace {

using kind = dummy_command::kind;

// One script as it runs. Its steps are a child coroutine that nobody cancels, so that what it
// prints arrives whole; a cancel is an event that it looks at and that ends its waits.
class script_run {
 public:
  script_run(asio::any_io_executor executor, net::time_source& time, output_sink& output,
             std::int64_t& leaked)
      : time_(time),
        output_(output),
        leaked_(leaked),
        cancel_(executor),
        ended_(executor),
        group_(executor) {}

  awaitable<stage_outcome> run(std::string script);

 private:
  awaitable<void> until_end(std::string script);
  awaitable<void> steps(std::string script);
  // True when the stage is over.
  awaitable<bool> step(dummy_command const& command);
  awaitable<bool> wait_until(net::time_source::time_point when);
  awaitable<void> show(channel to, std::string text);
  awaitable<void> repeat(std::string line, int times);
  void exit(int code);
  void die(int signal);

  net::time_source& time_;
  output_sink& output_;
  std::int64_t& leaked_;
  std::chrono::milliseconds stubborn_{0};
  stage_outcome outcome_;
  net::event cancel_;
  net::event ended_;
  net::task_group group_;
};

awaitable<void> script_run::show(channel to, std::string text) {
  if (!text.empty()) co_await output_.write(to, text);
}

// In blocks as a pipe gives them; others get their turn in between.
awaitable<void> script_run::repeat(std::string line, int times) {
  constexpr std::size_t block_size = 32 * 1024;
  std::string block;
  for (int i = 0; i < times && !cancel_.is_set(); ++i) {
    block += line;
    if (block.size() < block_size) continue;
    co_await show(channel::out, std::exchange(block, {}));
    co_await asio::post(asio::use_awaitable);
  }
  co_await show(channel::out, std::move(block));
}

void script_run::exit(int code) {
  outcome_.exit_code = code & 255;
  if (outcome_.exit_code != 0) outcome_.message = describe({.exit_code = outcome_.exit_code});
}

void script_run::die(int signal) {
  outcome_.how = stage_outcome::kind::signaled;
  outcome_.signal = signal;
  outcome_.message = describe({.signal = signal});
}

awaitable<bool> script_run::wait_until(net::time_source::time_point when) {
  auto canceled = cancel_.wait();
  error_code const ec = co_await net::with_timeout(time_, when - time_.now(), std::move(canceled));
  if (ec == asio::error::timed_out) co_return false;
  co_return true;
}

awaitable<bool> script_run::step(dummy_command const& command) {
  switch (command.what) {
    case kind::nothing:
      break;
    case kind::print:
      co_await show(channel::out, command.text + '\n');
      break;
    case kind::error:
      co_await show(channel::err, command.text + '\n');
      break;
    case kind::raw:
      co_await show(channel::out, command.text);
      break;
    case kind::repeat:
      co_await repeat(command.text + '\n', command.number);
      break;
    case kind::sleep:
      co_return co_await wait_until(time_.now() + command.time);
    case kind::hang:
      co_return co_await wait_until(net::time_source::time_point::max());
    case kind::stubborn:
      stubborn_ = command.time;
      break;
    case kind::leak:
      ++leaked_;
      break;
    case kind::exit:
      exit(command.number);
      co_return true;
    case kind::signal:
      die(command.number);
      co_return true;
    case kind::fail:
      outcome_.how = stage_outcome::kind::failed;
      outcome_.message = command.text;
      co_return true;
    case kind::unknown:
      co_await show(channel::err, fmt::format("dummy: {}: command not found\n", command.text));
      exit(127);
      co_return true;
  }
  co_return false;
}

awaitable<void> script_run::steps(std::string script) {
  std::string_view left = script;
  bool over = false;
  while (!left.empty() && !over && !cancel_.is_set()) {
    auto const end = left.find('\n');
    auto const command = parse_dummy_command(left.substr(0, end));
    left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
    over = co_await step(command);
  }
  if (cancel_.is_set()) co_await time_.sleep_for(stubborn_);
}

// The end is told also when the output throws.
awaitable<void> script_run::until_end(std::string script) {
  std::exception_ptr failure;
  try {
    co_await steps(std::move(script));
  } catch (...) {
    failure = std::current_exception();
  }
  ended_.set();
  if (failure) std::rethrow_exception(failure);
}

awaitable<stage_outcome> script_run::run(std::string script) {
  group_.spawn(until_end(std::move(script)));
  // A cancelled coroutine would throw at the next co_await; it does again when all is over.
  bool const throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  while (co_await ended_.wait()) cancel_.set();
  co_await group_.join();
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (cancel_.is_set()) {
    outcome_ = stage_outcome();
    outcome_.how = stage_outcome::kind::canceled;
    outcome_.message = "canceled";
  }
  co_return std::move(outcome_);
}

}  // namespace

dummy_executor::dummy_executor(net::time_source& time, dummy_world& world)
    : time_(time), world_(world) {}

dummy_executor::~dummy_executor() { release(); }

awaitable<std::optional<prepare_failure>> dummy_executor::prepare(job_environment const&) {
  if (!world_.fail_prepare.empty()) {
    prepare_failure failure;
    failure.message = world_.fail_prepare;
    failure.failure_reason = world_.fail_prepare_reason;
    co_return failure;
  }
  prepared_ = true;
  ++world_.prepared;
  co_return std::nullopt;
}

awaitable<stage_outcome> dummy_executor::run(stage what, output_sink& output) {
  ++world_.stages;
  auto const leaked_before = leaked_;
  script_run script(co_await asio::this_coro::executor, time_, output, leaked_);
  auto outcome = co_await script.run(what.script);
  world_.strays += leaked_ - leaked_before;
  co_return outcome;
}

awaitable<void> dummy_executor::cleanup() {
  release();
  co_return;
}

void dummy_executor::release() {
  if (std::exchange(prepared_, false)) --world_.prepared;
  world_.strays -= std::exchange(leaked_, 0);
}

std::string dummy_executor::description() const { return "Using Dummy executor..."; }

}  // namespace corunner::exec
