#include "runner/trace/base64_forms.hpp"

#include <algorithm>
#include <cstddef>

namespace corunner {

namespace {

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// With its padding. `data` may begin with any bytes that take the place of unknown ones.
std::string encoded(std::string_view data) {
  std::string out;
  out.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < data.size(); i += 3) {
    auto const byte = [&](std::size_t k) -> unsigned {
      return i + k < data.size() ? static_cast<unsigned char>(data[i + k]) : 0;
    };
    auto const group = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (unsigned k = 0; k < 4; ++k) out += letters[group >> (18 - 6 * k) & 63];
  }
  auto const padding = (3 - data.size() % 3) % 3;
  out.replace(out.size() - padding, padding, padding, '=');
  return out;
}

// How the text of these data ends: before whatever follows, at the end of all data with its padding
// and without, and before a last newline.
std::vector<std::string> texts(std::string const& data) {
  auto const whole = encoded(data);
  return {whole.substr(0, data.size() * 8 / 6), whole, whole.substr(0, (data.size() * 8 + 5) / 6),
          encoded(data + '\n')};
}

// Behind `before` unknown bytes: from the first character that holds none of their bits.
void add_place(std::vector<std::string>& to, std::string_view value, std::size_t before) {
  std::string data(before, '\0');
  data += value;
  for (auto const& text : texts(data)) to.push_back(text.substr((before * 8 + 5) / 6));
}

// The full lines, and what follows the last of them together with it: alone it may be short.
void add_lines(std::vector<std::string>& to, std::string const& value, std::size_t width) {
  auto const per_line = width / 4 * 3;
  if (value.size() <= per_line) return;
  auto const last = (value.size() - 1) / per_line * per_line;
  for (std::size_t at = 0; at < last; at += per_line) {
    to.push_back(encoded(value.substr(at, per_line)));
  }
  auto const before = to.back();
  for (auto const& text : texts(value.substr(last))) to.push_back(before + '\n' + text);
}

}  // namespace

std::vector<std::string> base64_forms(std::string_view value) {
  std::vector<std::string> out;
  if (value.empty()) return out;
  for (std::size_t before = 0; before < 3; ++before) add_place(out, value, before);
  for (std::size_t const width : {64, 76}) add_lines(out, std::string(value), width);
  auto const standard = out.size();
  for (std::size_t i = 0; i < standard; ++i) {
    auto safe = out[i];
    std::ranges::replace(safe, '+', '-');
    std::ranges::replace(safe, '/', '_');
    if (safe != out[i]) out.push_back(std::move(safe));
  }
  return out;
}

}  // namespace corunner
