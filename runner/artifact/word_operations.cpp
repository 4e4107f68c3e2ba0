#include "runner/artifact/word_operations.hpp"

#include "exec/archive/glob.hpp"
#include "exec/archive/utf8.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace corunner {
namespace {

// Whether the shell's pattern matches all of `text`; '/' is a character like any other here.
bool matches(std::string_view pattern, std::string_view text) {
  return exec::matches_name(pattern, text);
}

// Where each character begins, and the end.
std::vector<std::size_t> characters_of(std::string_view value) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < value.size(); at += exec::decode_utf8(value, at).length) {
    begins.push_back(at);
  }
  begins.push_back(value.size());
  return begins;
}

}  // namespace

std::string without_front(std::string const& value, std::string const& pattern, bool longest) {
  for (std::size_t i = 0; i <= value.size(); ++i) {
    auto const size = longest ? value.size() - i : i;
    if (matches(pattern, value.substr(0, size))) return value.substr(size);
  }
  return value;
}

std::string without_end(std::string const& value, std::string const& pattern, bool longest) {
  for (std::size_t i = 0; i <= value.size(); ++i) {
    auto const at = longest ? i : value.size() - i;
    if (matches(pattern, value.substr(at))) return value.substr(0, at);
  }
  return value;
}

std::string replaced(std::string const& value, std::string const& pattern, std::string const& with,
                     bool all) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    std::size_t size = value.size() - at;
    while (size > 0 && !matches(pattern, value.substr(at, size))) --size;
    if (size == 0) {
      out += value[at++];
      continue;
    }
    out += with;
    at += size;
    if (!all) return out + value.substr(at);
  }
  return out;
}

std::string in_case(std::string value, std::string const& pattern, bool upper, bool all) {
  for (std::size_t i = 0; i < value.size() && (all || i == 0); ++i) {
    auto const c = static_cast<unsigned char>(value[i]);
    if (!pattern.empty() && !matches(pattern, std::string_view(value).substr(i, 1))) continue;
    value[i] = static_cast<char>(upper ? std::toupper(c) : std::tolower(c));
  }
  return value;
}

std::size_t length_of(std::string_view value) { return characters_of(value).size() - 1; }

std::string part_of(std::string const& value, std::int64_t offset,
                    std::optional<std::int64_t> length) {
  auto const begins = characters_of(value);
  auto const size = static_cast<std::int64_t>(begins.size()) - 1;
  auto const begin = std::min(offset < 0 ? std::max<std::int64_t>(size + offset, 0) : offset, size);
  auto end = size;
  if (length) end = *length < 0 ? size + *length : std::min(begin + *length, size);
  if (end <= begin) return {};
  auto const from = begins[static_cast<std::size_t>(begin)];
  return value.substr(from, begins[static_cast<std::size_t>(end)] - from);
}

std::string unquoted(std::string const& word) {
  bool const quoted = word.size() >= 2 && word.front() == word.back() &&
                      (word.front() == '\'' || word.front() == '"') &&
                      word.find(word.front(), 1) == word.size() - 1;
  return quoted ? word.substr(1, word.size() - 2) : word;
}

}  // namespace corunner
