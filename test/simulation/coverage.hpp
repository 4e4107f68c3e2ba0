#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::simulation {

// Every way in which a simulated world can go wrong.
enum class fault {
  server_error,
  dropped_request,
  lost_answer,
  slow_answer,
  wrong_range,
  asked_to_wait,
  broken_connection,
  split_bytes,
  server_refuses,
  server_stalls,
  server_unreachable,
  server_gone_for_good,
  unaccepted_job_given_again,
  silent_job_ended,
  job_canceled_gracefully,
  job_canceled_at_once,
  configuration_edited,
  killed,
  killed_with_jobs,
  power_lost,
  power_lost_with_jobs,
  file_lost,
  file_torn,
  file_with_hole,
  removal_undone,
  writes_out_of_order,
  record_lost,
  log_damaged,
  disk_full,
  disk_full_for_good,
  write_refused,
  file_refused,
  quit_signal,
  terminate_signal,
  interrupt_signal,
  second_signal,
  second_signal_at_once,
  shutdown_timed_out,
  death_while_stopping,
  count  // of the others
};

std::string_view name(fault what);

// How often each happened in one world.
class fault_counts {
 public:
  void add(fault what, std::uint64_t times = 1) {
    counts_[static_cast<std::size_t>(what)] += times;
  }
  std::uint64_t of(fault what) const { return counts_[static_cast<std::size_t>(what)]; }

 private:
  std::array<std::uint64_t, static_cast<std::size_t>(fault::count)> counts_{};
};

// How often each happened in many worlds.
class coverage {
 public:
  void add(fault_counts const& of_one_world);
  void add(coverage const& of_other_worlds);

  // A table: fault, times, worlds in which it happened.
  std::string table() const;
  // What never happened.
  std::vector<fault> missing() const;

 private:
  struct row {
    std::uint64_t times = 0;
    std::uint64_t worlds = 0;
  };
  std::array<row, static_cast<std::size_t>(fault::count)> rows_{};
};

}  // namespace corunner::simulation
