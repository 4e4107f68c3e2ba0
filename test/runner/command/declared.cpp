#include "test/runner/command/declared.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

namespace corunner::test {

declared::declared()
    : all_{io_,
           time_,
           pool_,
           connections_,
           [](std::string_view) { return std::nullopt; },
           log_output_,
           logger(log_output_),
           "corunner",
           "/etc/gitlab-runner/config.toml"} {}

std::vector<flag> declared::flags(std::string_view command) {
  if (command.empty()) return (globals_ = {}).flags();
  auto const group = std::ranges::find(all_commands(), command, &command_entry::name);
  if (group != all_commands().end() && group->flags) return group->flags(all_);
  auto const commands = callable_commands();
  auto const found = std::ranges::find(commands, command, &called_command::name);
  CAPTURE(command);
  REQUIRE(found != commands.end());
  command_ = found->which->make(all_);
  return command_->flags();
}

}  // namespace corunner::test
