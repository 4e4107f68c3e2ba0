#pragma once

#include <optional>
#include <string_view>

namespace corunner {

// The words that settings, flags and variables accept for a truth value (those of Go's
// strconv.ParseBool): nothing for any other text.
constexpr std::optional<bool> parse_bool(std::string_view text) {
  for (std::string_view const word : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == word) return true;
  }
  for (std::string_view const word : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

}  // namespace corunner
