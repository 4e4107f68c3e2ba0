#pragma once

#include "test/system/support/event_loop.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::test {

struct child_options {
  std::filesystem::path program;
  std::vector<std::string> arguments;  // without the program's name
  std::filesystem::path directory;
  std::map<std::string, std::string> environment;  // all of it
};

// A real process, its output read as it comes. One that still runs at the end is asked to end
// (TERM), then killed, by its pid.
//
// wait() and wait_for_*() fail the test, showing the output, when nothing happens for `patience`.
class child {
 public:
  child(event_loop& loop, child_options how);
  ~child();
  child(child const&) = delete;
  child& operator=(child const&) = delete;

  int pid() const { return pid_; }
  std::string const& out() const { return out_.text; }
  std::string const& err() const { return err_.text; }
  bool ended() const { return exit_code_.has_value(); }
  bool look_whether_it_ended();

  void wait_for_output(std::string_view text) { wait_for(out_, text); }
  void wait_for_error(std::string_view text) { wait_for(err_, text); }
  // The exit code, or 128 + signal. Output that came until then has been read.
  int wait();

  void signal(int which);

 private:
  struct reader {
    explicit reader(asio::io_context& io) : pipe(io) {}
    asio::posix::stream_descriptor pipe;
    std::string text;
    std::array<char, 65536> buffer;
  };

  static awaitable<void> read(reader& from);
  void wait_for(reader const& where, std::string_view text);
  void start(child_options const& how);

  event_loop& loop_;
  reader out_;
  reader err_;
  asio::posix::stream_descriptor end_;
  int pid_ = -1;
  std::optional<int> exit_code_;
  std::string title_;
  int readers_ = 0;
};

}  // namespace corunner::test
