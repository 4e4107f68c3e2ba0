#pragma once

#include <chrono>

namespace corunner::exec {

// How patiently a process is ended.
struct kill_ladder_options {
  std::chrono::milliseconds terminate{300'000};  // after SIGTERM
  // Of that time: until those are asked, too, whom the first SIGTERM missed.
  std::chrono::milliseconds newcomers{5'000};
  std::chrono::milliseconds kill{10'000};        // after SIGKILL
};

// What to do next to end a process (shells.md 9): SIGTERM, wait, SIGTERM to whoever came meanwhile
// and got none (once), wait, SIGKILL, wait, give up. Pure logic: the owner signals and waits, and
// tells what happened.
class kill_ladder {
 public:
  enum class action { terminate, terminate_newcomers, kill, give_up };
  struct step {
    action what;
    std::chrono::milliseconds wait;  // for the end, once it is done
    bool operator==(step const&) const = default;
  };

  explicit kill_ladder(kill_ladder_options how) : how_(how) {}

  // The first step.
  step start();
  // The signal of the last step could not be sent: there is no point in waiting.
  step signal_failed();
  // The process is still there after the wait of the last step.
  step still_there() { return next(); }

 private:
  step next();

  kill_ladder_options how_;
  action last_ = action::terminate;
};

}  // namespace corunner::exec
