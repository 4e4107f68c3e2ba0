#include "runner/command/text_table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace corunner {

namespace {

constexpr std::size_t narrowest = 8;  // a column does not give way further
constexpr std::string_view ellipsis = "…";

// One code point at the front of `text`, and how many bytes it takes. A byte that begins none
// counts as itself.
struct code_point {
  std::uint32_t value;
  std::size_t bytes;
};

code_point first_of(std::string_view text) {
  auto const lead = static_cast<unsigned char>(text.front());
  std::size_t const bytes = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes == 1 || text.size() < bytes) return {lead, 1};
  std::uint32_t value = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    auto const next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {lead, 1};
    value = value << 6 | (next & 0x3Fu);
  }
  return {value, bytes};
}

struct range {
  std::uint32_t first;
  std::uint32_t last;
};
// Blocks whose characters take two columns (Unicode Standard Annex 11, W and F, by block).
constexpr std::array wide{range{0x1100, 0x115F}, range{0x2E80, 0xA4CF},   range{0xAC00, 0xD7A3},
                          range{0xF900, 0xFAFF}, range{0xFE30, 0xFE6F},   range{0xFF00, 0xFF60},
                          range{0xFFE0, 0xFFE6}, range{0x1F300, 0x1FAFF}, range{0x20000, 0x3FFFD}};
// Those that join the character before them.
constexpr std::array joining{range{0x300, 0x36F}, range{0x200B, 0x200D}, range{0xFE00, 0xFE0F}};

bool is_in(std::span<range const> ranges, std::uint32_t value) {
  return std::ranges::any_of(
      ranges, [value](range each) { return value >= each.first && value <= each.last; });
}

std::size_t width_of(std::uint32_t value) {
  return is_in(joining, value) ? 0 : is_in(wide, value) ? 2 : 1;
}

// C0 and C1, DEL, and those that turn the direction of writing.
bool commands_terminal(std::uint32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0) || (value >= 0x202A && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069);
}

std::string cut(std::string_view text, std::size_t width) {
  if (shown_width(text) <= width) return std::string(text);
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    auto const [value, bytes] = first_of(text);
    if (used + width_of(value) + 1 > width) break;
    used += width_of(value);
    out += text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  while (out.ends_with(' ')) out.pop_back();
  return out += ellipsis;
}

// The widths of columns that fit: the widest one gives way until they do.
void fit(std::vector<std::size_t>& widths, std::size_t width) {
  if (width == 0 || widths.empty()) return;
  for (;;) {
    std::size_t total = 2 * (widths.size() - 1);
    for (auto const each : widths) total += each;
    auto const widest = std::ranges::max_element(widths);
    if (total <= width || *widest <= narrowest) return;
    --*widest;
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto const [value, bytes] = first_of(text);
    bool const broken = bytes == 1 && value >= 0x80;
    if (broken || commands_terminal(value)) {
      out += '?';
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return out;
}

std::size_t shown_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    auto const [value, bytes] = first_of(text);
    width += width_of(value);
    text.remove_prefix(bytes);
  }
  return width;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    auto const word = text.substr(0, text.find(' '));
    auto const length = shown_width(word);
    if (used > 0 && width > 0 && used + 1 + length > width) {
      out += '\n' + std::string(indent, ' ');
      used = 0;
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    out += word;
    used += length;
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return out;
}

std::string no_style(std::size_t, std::string const&) { return ""; }

std::string columns(std::vector<table_row> const& rows, terminal const& screen, cell_style style,
                    std::size_t width) {
  std::vector<table_row> cells;
  std::vector<std::size_t> widths;
  for (auto const& row : rows) {
    auto& shown = cells.emplace_back();
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i) {
      shown.push_back(printable(row[i]));
      widths[i] = std::max(widths[i], shown_width(shown.back()));
    }
  }
  fit(widths, width);
  std::string text;
  for (std::size_t line = 0; line < cells.size(); ++line) {
    for (std::size_t i = 0; i < cells[line].size(); ++i) {
      auto shown = cut(cells[line][i], widths[i]);
      if (i + 1 < cells[line].size()) shown.append(widths[i] + 2 - shown_width(shown), ' ');
      auto const how = line == 0 ? std::string("1") : style(i, cells[line][i]);
      text += how.empty() ? shown : screen.styled(how, shown);
    }
    while (text.ends_with(' ')) text.pop_back();
    text += '\n';
  }
  return text;
}

}  // namespace corunner
