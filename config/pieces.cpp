#include "config/pieces.hpp"

#include <algorithm>

namespace corunner::config {

namespace {

// The TOML library needs many times the memory of what it reads.
constexpr std::size_t least_piece = 16 * 1024;

bool begins_entry(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.starts_with("[[runners]]");
}

}  // namespace

cut_text cut(std::string_view text) {
  cut_text made;
  int line = 1;
  std::size_t begin = 0;
  int first_line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    if (begins_entry(text.substr(at))) {
      ++made.entries;
      if (made.pieces.empty() || at - begin >= least_piece) {
        made.pieces.push_back({text.substr(begin, at - begin), first_line});
        begin = at;
        first_line = line;
      }
    }
    auto const end = text.find('\n', at);
    at = end == std::string_view::npos ? text.size() : end + 1;
  }
  made.pieces.push_back({text.substr(begin), first_line});
  return made;
}

}  // namespace corunner::config
