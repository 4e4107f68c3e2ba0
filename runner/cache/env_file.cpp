#include "runner/cache/env_file.hpp"

namespace corunner {
namespace {

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// `text` begins behind the opening quote; what follows the closing one does not count.
std::string unquoted(std::string_view text) {
  std::string value;
  for (std::size_t at = 0; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      value += text[at];
      continue;
    }
    char const next = text[++at];
    value += next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return value;
}

}  // namespace

std::map<std::string, std::string> parse_env_file(std::string_view text) {
  std::map<std::string, std::string> made;
  while (!text.empty()) {
    auto const end = text.find('\n');
    auto const line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    auto const equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with('#')) continue;
    auto const value = trimmed(line.substr(equals + 1));
    made[std::string(trimmed(line.substr(0, equals)))] =
        value.starts_with('"') ? unquoted(value.substr(1)) : std::string(value);
  }
  return made;
}

}  // namespace corunner
