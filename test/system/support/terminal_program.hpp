#pragma once

#include "test/system/support/child.hpp"

namespace corunner::test {

// A real process at a terminal of 80 columns: what a person sees, and what a person types. One that
// still runs at the end is killed, by its pid.
class terminal_program {
 public:
  terminal_program(event_loop& loop, child_options how);
  ~terminal_program();
  terminal_program(terminal_program const&) = delete;
  terminal_program& operator=(terminal_program const&) = delete;

  // All that the terminal showed, lines ended by "\r\n".
  std::string const& shown() const { return shown_; }
  void wait_for(std::string_view text);
  void type(std::string_view text);
  void signal(int which);
  // The exit code, or 128 + signal, after all was read.
  int wait();

 private:
  static awaitable<void> read(terminal_program& self);
  bool look_whether_it_ended();

  event_loop& loop_;
  asio::posix::stream_descriptor screen_;
  std::string shown_;
  std::array<char, 4096> buffer_{};
  bool all_read_ = false;
  int pid_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace corunner::test
