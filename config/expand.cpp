#include "config/expand.hpp"

namespace corunner::config {

namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_special(char c) {
  return std::string_view("*#$@!?-0123456789").find(c) != std::string_view::npos;
}

// The variable that begins behind a "$", and how much of the text names it. No name and no length:
// no variable.
struct reference {
  std::string_view name;
  std::size_t length = 0;
};

reference reference_at(std::string_view behind) {
  if (behind.empty()) return {};
  if (behind.front() == '{') {
    auto const end = behind.find('}');
    if (end == std::string_view::npos) return {{}, 1};  // an open brace is dropped
    return {behind.substr(1, end - 1), end + 1};
  }
  if (is_special(behind.front())) return {behind.substr(0, 1), 1};
  std::size_t length = 0;
  while (length < behind.size() && is_name(behind[length])) ++length;
  return {behind.substr(0, length), length};
}

}  // namespace

std::string expand(std::string_view text, environment const& variables) {
  std::string out;
  while (!text.empty()) {
    auto const dollar = text.find('$');
    out += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar + 1);
    auto const found = reference_at(text);
    if (found.length == 0) {
      out += '$';
      continue;
    }
    if (!found.name.empty()) out += variables(found.name).value_or("");
    text.remove_prefix(found.length);
  }
  return out;
}

}  // namespace corunner::config
