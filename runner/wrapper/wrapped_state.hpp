#pragma once

#include "runner/wrapper/messages.hpp"

#include <optional>
#include <string>

namespace corunner {

// What becomes of the wrapped process, as its supervisor sees it. Pure logic: the owner starts,
// signals and waits, and tells what happened.
//
//   unknown ──started──▶ running ──shutdown_begun──▶ in_shutdown
//      └──────ended─────────▶ stopped ◀──ended──────────┘
//
// Stopped is the end: nobody starts the process again.
class wrapped_state {
 public:
  void started() { status_ = wrapped_status::running; }
  // A signal to end was sent. A callback is called when the process has ended; one without a URL is
  // none, and leaves an earlier one as it is.
  void shutdown_begun(shutdown_callback callback);
  // The process has ended, or could not be started. `why` it failed: empty if it did not.
  void ended(std::string why);

  // There is a process to be signalled.
  bool alive() const;
  status_answer answer() const { return {status_, failure_reason_}; }
  // Whom to call, once, after the end.
  std::optional<shutdown_callback> take_callback();

 private:
  wrapped_status status_ = wrapped_status::unknown;
  std::string failure_reason_;
  std::optional<shutdown_callback> callback_;
};

}  // namespace corunner
