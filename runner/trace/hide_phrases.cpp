#include "runner/trace/hide_phrases.hpp"

#include "runner/trace/phrase_masker.hpp"

#include <algorithm>
#include <vector>

namespace corunner {

namespace {

struct part {
  std::size_t begin;
  std::size_t end;
};

std::vector<part> parts_to_hide(phrase_automaton const& phrases, std::string_view text,
                                std::size_t shortest) {
  std::vector<part> out;
  phrase_automaton::cursor cursor;
  for (auto i = phrases.next_candidate(text, 0); i < text.size();) {
    phrases.step(cursor, static_cast<unsigned char>(text[i++]));
    auto const length = phrases.matched(cursor);
    if (length < std::max<std::size_t>(shortest, 1)) continue;
    part found{i - length, i};
    while (!out.empty() && out.back().end > found.begin) {
      found.begin = std::min(found.begin, out.back().begin);
      out.pop_back();
    }
    out.push_back(found);
  }
  return out;
}

}  // namespace

std::optional<std::string> hide_phrases(phrase_automaton const& phrases, std::string_view text,
                                        std::size_t shortest) {
  auto const parts = parts_to_hide(phrases, text, shortest);
  if (parts.empty()) return std::nullopt;
  std::string out;
  std::size_t shown = 0;
  for (auto const& [begin, end] : parts) {
    out += text.substr(shown, begin - shown);
    out += mask_text;
    shown = end;
  }
  return out += text.substr(shown);
}

}  // namespace corunner
