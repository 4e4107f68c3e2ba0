#include "config/violations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace corunner::config {

namespace {

constexpr std::array<std::string_view, 6> shells{"bash", "sh", "cmd", "pwsh", "powershell", ""};

}  // namespace

std::vector<std::string> violations(configuration const& what) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < what.runners.size(); ++i) {
    runner_entry const& each = what.runners[i];
    auto const add = [&](std::string_view key, std::string_view problem) {
      found.push_back(fmt::format("- at '/runners/{}/{}': {}", i, key, problem));
    };
    if (std::find(shells.begin(), shells.end(), each.shell) == shells.end()) {
      add("shell", "value must be one of 'bash', 'sh', 'cmd', 'pwsh', 'powershell', ''");
    }
    if (each.token.empty()) add("token", "minLength: got 0, want 1");
    if (each.url.empty()) add("url", "minLength: got 0, want 1");
  }
  return found;
}

}  // namespace corunner::config
