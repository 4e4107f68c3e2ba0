#pragma once

#include "net/time_source.hpp"
#include "runner/gitlab/job_api.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace corunner {

// Decides how the end of a job is delivered: the rest of the log, then the final update, until the
// server has given a definite answer; no I/O, no clock of its own.
//
// A try that fails (no answer, 5xx, 400) is followed by a pause of 1, 2, 4, ... seconds. Their
// number is the user's limit; without one the tries go on, at least once a minute, for an hour: so
// long GitLab itself waits for a silent job. The final update does not depend on the log: it is
// sent, too, when the server refuses the log, and in the last try in any case. The server's refusal
// of the update (403, 404) is definite; that of a patch ends the log at once when it names the
// job's state, else it has to be said three times. Answers that only ask for patience (202), or for
// other bytes (416, 412), have bounds as well. Wire: protocol.md 4.3, 4.6, 5.3, without the
// reference's endless loops.
class final_policy {
 public:
  using time_point = net::time_source::time_point;
  using duration = net::time_source::duration;

  struct action {
    enum class kind { patch, update, wait, delivered, refused, lost };
    kind what = kind::lost;
    std::uint64_t offset = 0;  // patch
    std::size_t length = 0;
    duration pause{};  // wait
  };

  // `sent` bytes of `size` have arrived; `tries` 0 means no limit of the user's.
  final_policy(std::uint64_t sent, std::uint64_t size, unsigned tries, time_point now);

  action next();

  // The log has become longer.
  void grown_to(std::uint64_t size) { size_ = size; }
  void patched(time_point now, gitlab::patch_answer const& answer, std::size_t length);
  void updated(time_point now, gitlab::update_answer const& answer);

 private:
  void patch_failed(time_point now);
  void update_failed(time_point now);
  void plan_next_try(time_point now);
  void pause_for_server(time_point now);
  void end(action::kind how);

  std::uint64_t sent_;
  std::uint64_t size_;
  unsigned tries_;
  time_point deadline_;
  duration interval_ = std::chrono::seconds(3);
  duration pause_{};          // before the next call
  bool log_ended_ = false;    // no more patches
  bool last_chance_;          // after this try it is over
  unsigned failures_ = 0;
  unsigned patch_refusals_ = 0;
  unsigned mismatches_ = 0;
  unsigned resends_ = 0;
  bool over_ = false;
  action::kind result_ = action::kind::lost;
};

}  // namespace corunner
