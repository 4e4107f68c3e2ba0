#pragma once

#include "net/time_source.hpp"
#include "runner/gitlab/job_api.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace corunner {

// Decides what the uploader of a running job does next; no I/O, no clock of its own.
//
// The server's interval is a bound on staleness, and the pace that it can bear: bytes wait for it
// at most, and two patches are never closer together, so a log never costs more requests than with
// a periodic sender. But a log that was quiet for that long is not kept waiting: its first byte
// leaves after `gather`, which lets the rest of a line or of a short job come along. A whole patch
// (1 MiB) leaves at once: those bytes need that request in any case. After anything but success the
// next patch waits for the interval. A job whose log is quiet is touched when the last success is
// `force_send` ago; one that sends nothing at all, after the first interval. A touch accepts the
// job as well: while the server may still wait for that it is made often, whatever the log does.
// Wire: protocol.md 4.2, 5.3, 5.4.
class upload_policy {
 public:
  using time_point = net::time_source::time_point;
  using duration = net::time_source::duration;

  struct settings {
    duration interval = std::chrono::seconds(3);
    duration force_send = std::chrono::seconds(30);
    bool dynamic_force_send = false;  // 4 x interval, from 30 s to 30 min
    duration gather = std::chrono::milliseconds(100);
    std::uint64_t sent = 0;           // bytes that the server has already
    time_point accept_by{};           // until then an acceptance is owed; touches bring it
    duration accept_again = std::chrono::seconds(10);
  };

  struct action {
    enum class kind { wait, patch, touch };
    kind what = kind::wait;
    // wait: until then, or until the log has this size.
    time_point until = time_point::max();
    std::uint64_t size = 0;
    // patch: these bytes.
    std::uint64_t offset = 0;
    std::size_t length = 0;
  };

  upload_policy(settings how, time_point start);

  // What to do now that the log has `size` bytes.
  action next(time_point now, std::uint64_t size);

  void patched(time_point now, gitlab::patch_answer const& answer, std::size_t length);
  void touched(time_point now, gitlab::update_answer const& answer);
  // The server knows that we run the job.
  void accepted() { how_.accept_by = {}; }
  // The server's wish from any answer.
  void heed(gitlab::job_signals const& signals);

  std::uint64_t sent() const { return sent_; }

 private:
  duration force_send() const;
  time_point patch_due(time_point now, std::uint64_t size);
  time_point touch_due() const;

  settings how_;
  time_point start_;
  duration first_interval_;  // not the one that the server wishes for later
  std::uint64_t sent_;
  std::optional<time_point> waiting_since_;  // the oldest byte that was not sent
  std::optional<time_point> last_patch_;
  std::optional<time_point> last_touch_;
  std::optional<time_point> last_success_;
  bool struggling_ = false;  // the last patch did not succeed
};

}  // namespace corunner
