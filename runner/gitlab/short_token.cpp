#include "runner/gitlab/short_token.hpp"

#include <algorithm>

namespace corunner::gitlab {

namespace {

bool drop(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// "t1_" to "t3_", the type of a runner.
void drop_type(std::string_view& text) {
  bool const typed = text.size() >= 3 && text[0] == 't' && text[1] >= '1' && text[1] <= '3' &&
                     text[2] == '_';
  if (typed) text.remove_prefix(3);
}

// "GR" and seven hexadecimal digits, the prefix of registration tokens.
void drop_registration_prefix(std::string_view& text) {
  constexpr std::size_t length = 9;
  if (text.size() < length || !text.starts_with("GR")) return;
  auto const digits = text.substr(2, length - 2);
  bool const hex = std::ranges::all_of(digits, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  if (hex) text.remove_prefix(length);
}

}  // namespace

std::string short_token(std::string_view token) {
  if (!drop(token, "glrtr-")) {
    drop(token, "glrt-");
    drop_type(token);
  }
  drop(token, "glcbt-");
  drop_registration_prefix(token);
  return std::string(token.substr(0, 9));
}

bool is_authentication_token(std::string_view token) { return token.starts_with("glrt-"); }

}  // namespace corunner::gitlab
