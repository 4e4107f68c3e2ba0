#include "runner/observe/run_figures.hpp"

namespace corunner {

namespace {

constexpr std::array<double, 10> job_bounds{30,   60,   300,   600,   1800,
                                            3600, 7200, 10800, 18000, 36000};
constexpr std::array<double, 10> wait_bounds{1, 3, 10, 30, 60, 120, 300, 900, 1800, 3600};
constexpr std::array<double, 9> call_bounds{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
constexpr std::array<double, 8> lag_bounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};

constexpr int no_status = -1;
constexpr std::string_view script_failure = "script_failure";

}  // namespace

void runner_figures::job_added(queue const& told) {
  ++jobs;
  queue_size = told.size;
  queue_depth = told.depth;
  queued_too_long += told.too_long;
  queue_time.try_emplace(told.project_jobs, wait_bounds).first->second.observe(told.seconds);
}

void runner_figures::stage_ended(std::string const& stage, double seconds) {
  stage_time.try_emplace(stage, wait_bounds).first->second.observe(seconds);
}

void runner_figures::job_ended(job_mode mode, double seconds) {
  job_time.try_emplace(mode, job_bounds).first->second.observe(seconds);
}

void runner_figures::job_failed(job_mode mode, std::string_view reason) {
  ++job_failures;
  ++failed[{reason.empty() ? script_failure : reason, mode}];
}

void call_counter::ended(api_endpoint which, std::optional<int> status, double seconds,
                         unsigned attempts) const {
  auto const place = static_cast<std::size_t>(which);
  (*attempts_)[place] += attempts;
  if (!status) return;
  auto& calls = (*calls_)[place];
  ++calls.by_status[*status];
  auto const status_class = *status < 0 ? no_status : *status / 100;
  calls.by_class.try_emplace(status_class, call_bounds).first->second.observe(seconds);
}

run_figures::run_figures() : lag_(lag_bounds) {}

void run_figures::interpolated(std::uint64_t texts, std::string_view failure) {
  interpolated_ += texts;
  if (!failure.empty()) ++not_interpolated_[failure];
}

void run_figures::slots(unsigned number) {
  if (number > slots_) slots_started_ += number - slots_;
  else slots_stopped_ += slots_ - number;
  slots_ = number;
}

}  // namespace corunner
