#pragma once

#include "net/sockets.hpp"
#include "runner/command/command.hpp"
#include "runner/command/global_options.hpp"
#include "test/support/manual_time.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::test {

// The program's own declarations: its commands, and their flags with the values that stand there
// before a command line is read. There is no variable in its world, and its HOME is /root.
class declared {
 public:
  declared();

  // Of the command that a person types as "config explain", or of a group; "" has the global flags.
  // Fails the test when there is no such command. Pointers of the flags hold until the next call.
  std::vector<flag> flags(std::string_view command);

  services& all() { return all_; }

 private:
  asio::io_context io_{1};
  manual_time time_{io_.get_executor()};
  net::blocking_pool pool_;
  net::socket_dialer connections_{time_};
  log_target log_output_{time_, [](std::string_view) {}};
  services all_;
  global_options globals_;
  std::unique_ptr<command> command_;
};

}  // namespace corunner::test
