#include "config/in_quotes.hpp"

#include <fmt/format.h>

namespace corunner::config {
namespace {

constexpr std::string_view with_letters = "\a\b\f\n\r\t\v\"\\";
constexpr std::string_view letters = "abfnrtv\"\\";

}  // namespace

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (auto const at = with_letters.find(c); at != std::string_view::npos) {
      out += {'\\', letters[at]};
    } else if (byte < ' ' || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace corunner::config
