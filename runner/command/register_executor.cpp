#include "runner/command/register_executor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace corunner {

namespace {

constexpr std::array<std::string_view, 11> executors{
    "shell",          "ssh",        "custom",     "instance",  "docker",    "docker-windows",
    "docker-autoscaler", "docker+machine", "kubernetes", "parallels", "virtualbox"};

bool is_executor(std::string_view name) {
  return std::find(executors.begin(), executors.end(), name) != executors.end();
}

}  // namespace

awaitable<void> complete_executor(questions& ask, logger log, config::runner_entry& entry) {
  auto const prompt = fmt::format("Enter an executor: {}:", fmt::join(executors, ", "));
  for (;;) {
    entry.executor = co_await ask.ask(prompt, "executor", entry.executor, need::required);
    if (is_executor(entry.executor)) break;
    if (!ask.interactive()) throw no_answer("Invalid executor specified");
    log.error("Invalid executor specified");
  }
}

}  // namespace corunner
