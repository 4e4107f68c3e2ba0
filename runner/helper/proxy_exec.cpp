#include "runner/helper/proxy_exec.hpp"

#include "exec/process/run_process.hpp"
#include "runner/helper/mask_store.hpp"
#include "runner/helper/output_mask.hpp"
#include "runner/helper/standard_output.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace corunner {
namespace {

constexpr std::chrono::seconds patience{
    1};  // with what holds the pipes of a command that has ended
constexpr int died_of_a_signal = 255;
constexpr int not_started = 127;

// Collects what a mask lets through of one write, so that it is written at once.
struct text_sink final : byte_sink {
  std::string text;
  void put(std::string_view bytes) override { text += bytes; }
};

class masked_output final : public exec::output_sink {
 public:
  masked_output(logger log, proxy_exec_options const& how) : log_(std::move(log)) {
    if (how.temporary_directory.empty()) return;
    store_.emplace(mask_store::options{how.temporary_directory, how.for_all_users});
    if (error_code const failed = store_->open()) give_store_up(failed);
  }

  awaitable<void> write(exec::channel from, std::string_view bytes) override {
    take_news();
    auto& to = from == exec::channel::out ? out_ : err_;
    to.mask.put(bytes);
    to.flush();
    co_return;
  }

  void finish() {
    for (auto* each : {&out_, &err_}) {
      each->mask.finish();
      each->flush();
    }
  }

 private:
  struct stream {
    stream(masked_output& owner, int to)
        : file(to),
          mask(owner.values_, passed, [&owner](auto const& value) { owner.keep(value); }) {}
    void flush() {
      write_whole(file, passed.text);
      passed.text.clear();
    }

    int file;
    text_sink passed;
    output_mask mask;
  };

  void take_news() {
    if (!store_) return;
    for (auto const& value : store_->news()) values_.add(value);
  }

  void keep(std::string const& value) {
    if (!store_) return;
    if (error_code const failed = store_->add(value)) give_store_up(failed);
  }

  // The command runs on: its own output is masked all the same.
  void give_store_up(error_code why) {
    log_.warning("masks will not be kept for later commands: " + why.message());
    store_.reset();
  }

  logger log_;
  std::optional<mask_store> store_;
  masked_values values_;
  stream out_{*this, 1};
  stream err_{*this, 2};
};

int exit_code(exec::run_result const& ran, logger const& log) {
  if (ran.how != exec::run_result::kind::ended) {
    log.error(ran.message);
    return not_started;
  }
  if (ran.status.ok()) return 0;
  log.error(exec::describe(ran.status));
  return ran.status.signal != 0 ? died_of_a_signal : ran.status.exit_code;
}

}  // namespace

awaitable<int> proxy_exec(exec::process_launcher& processes, net::time_source& time, logger log,
                          proxy_exec_options how) {
  masked_output output(log, how);
  exec::process_options what;
  what.arguments = std::move(how.command);
  what.shares_input_and_group = true;
  exec::run_options limits;
  limits.drain = patience;
  auto const ran = co_await exec::run_process(processes, time, std::move(what), output, limits);
  output.finish();
  co_return exit_code(ran, log);
}

}  // namespace corunner
