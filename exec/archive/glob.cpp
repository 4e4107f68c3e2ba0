#include "exec/archive/glob.hpp"

#include "exec/archive/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace corunner::exec {
namespace {

constexpr auto npos = std::string_view::npos;

// The index behind the class that begins at `at`, npos when it is none: it must close and not be
// empty.
std::size_t end_of_class(std::string_view pattern, std::size_t at) {
  ++at;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) ++at;
  if (at < pattern.size() && pattern[at] == ']') return npos;
  for (; at < pattern.size(); ++at) {
    if (pattern[at] == '\\') {
      ++at;
    } else if (pattern[at] == ']') {
      return at + 1;
    }
  }
  return npos;
}

// The index behind one element of a pattern: a quoted character, a class, or a character.
std::size_t end_of_element(std::string_view pattern, std::size_t at) {
  if (pattern[at] == '\\') return std::min(at + 2, pattern.size());
  if (pattern[at] == '[') return end_of_class(pattern, at);
  return at + 1;
}

bool well_formed(std::string_view pattern) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '\\' && at + 1 == pattern.size()) return false;
    if (pattern[at] == '{') ++depth;
    if (pattern[at] == '}' && depth-- == 0) return false;
    at = end_of_element(pattern, at);
    if (at == npos) return false;
  }
  return depth == 0;
}

// The alternatives between `open` ('{') and its '}', and the index behind that.
std::size_t split_braces(std::string_view pattern, std::size_t open,
                         std::vector<std::string_view>& parts) {
  std::size_t depth = 0;
  std::size_t begin = open + 1;
  for (auto at = open; at < pattern.size(); at = end_of_element(pattern, at)) {
    char const c = pattern[at];
    if (c == '{') ++depth;
    if (c == '}') --depth;
    if ((c == ',' && depth == 1) || depth == 0) {
      parts.push_back(pattern.substr(begin, at - begin));
      begin = at + 1;
    }
    if (depth == 0) return at + 1;
  }
  return pattern.size();
}

// A pattern without braces.
struct written_out {
  std::string text;
  bool searched = true;
};

// Writes out the leftmost braces until none is left. False when there are too many alternatives.
bool write_out(std::string pattern, std::vector<written_out>& into) {
  std::vector<written_out> open{{std::move(pattern)}};
  while (!open.empty()) {
    if (open.size() + into.size() > glob::alternatives_limit) return false;
    auto const one = std::move(open.back());
    auto const& text = one.text;
    open.pop_back();
    std::size_t at = 0;
    while (at < text.size() && text[at] != '{') at = end_of_element(text, at);
    if (at == text.size()) {
      into.push_back({text, one.searched && !text.empty()});
      continue;
    }
    std::vector<std::string_view> parts;
    auto const behind = split_braces(text, at, parts);
    bool searched = one.searched && !parts.back().empty();
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      open.push_back({text.substr(0, at).append(*part).append(text, behind), searched});
      searched = one.searched;
    }
  }
  return true;
}

// Without the backslashes before one of `quotable`, or before anything.
std::string unquoted(std::string_view text, std::string_view quotable) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool const quotes = text[at] == '\\' && at + 1 < text.size() &&
                        (quotable.empty() || quotable.find(text[at + 1]) != npos);
    if (quotes) ++at;
    plain += text[at];
  }
  return plain;
}

bool has_wildcard(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); at += text[at] == '\\' ? 2 : 1) {
    if (std::string_view("*?[").find(text[at]) != npos) return true;
  }
  return false;
}

glob::component make_component(std::string_view text) {
  using kind = glob::component::kind;
  if (text == "**") return {kind::any_depth, {}, {}};
  if (has_wildcard(text)) return {kind::wild, std::string(text), {}};
  return {kind::literal, unquoted(text, {}), unquoted(text, "*?[]{}")};
}

glob::alternative make_alternative(std::string_view pattern) {
  glob::alternative made;
  std::size_t begin = 0;
  auto const add = [&](std::size_t end) {
    auto next = make_component(pattern.substr(begin, end - begin));
    // Two in a row say no more than one.
    bool const again = next.what == glob::component::kind::any_depth && !made.components.empty() &&
                       made.components.back().what == glob::component::kind::any_depth;
    if (!again) made.components.push_back(std::move(next));
    begin = end + 1;
  };
  for (std::size_t at = 0; at < pattern.size(); at = end_of_element(pattern, at)) {
    if (pattern[at] == '/') add(at);
  }
  add(pattern.size());
  return made;
}

// The next code point of a class, unquoted; moves `at` behind it.
std::uint32_t class_member(std::string_view pattern, std::size_t& at) {
  if (pattern[at] == '\\') ++at;
  auto const [value, length] = decode_utf8(pattern, at);
  at += length;
  return value;
}

// `begin` is at '[', `end` behind ']'.
bool class_holds(std::string_view pattern, std::size_t begin, std::size_t end, std::uint32_t what) {
  bool const negated = pattern[begin + 1] == '!' || pattern[begin + 1] == '^';
  auto const close = end - 1;
  bool holds = false;
  for (auto at = begin + (negated ? 2 : 1); at < close;) {
    auto const low = class_member(pattern, at);
    auto high = low;
    if (at + 1 < close && pattern[at] == '-') high = class_member(pattern, ++at);
    holds = holds || (low <= what && what <= high);
  }
  return holds != negated;
}

// Matches the element at `p` (no star) against the name at `n`; moves both on success.
bool match_element(std::string_view pattern, std::size_t& p, std::string_view name,
                   std::size_t& n) {
  if (n == name.size()) return false;
  if (pattern[p] == '?' || pattern[p] == '[') {
    auto const end = end_of_element(pattern, p);
    auto const [value, length] = decode_utf8(name, n);
    if (pattern[p] == '[' && !class_holds(pattern, p, end, value)) return false;
    p = end;
    n += length;
    return true;
  }
  auto const at = pattern[p] == '\\' ? p + 1 : p;
  if (pattern[at] != name[n]) return false;
  p = at + 1;
  ++n;
  return true;
}

using component_kind = glob::component::kind;

// What is left of an alternative when the path has ended: `/**` and `/**/` match nothing at all.
bool may_be_nothing(std::vector<glob::component> const& with, std::size_t at) {
  if (at == with.size()) return true;
  if (with[at].what != component_kind::any_depth) return false;
  return at + 1 == with.size() || (at + 2 == with.size() && with[at + 1].text.empty());
}

bool alternative_matches(std::vector<glob::component> const& with, std::string_view path) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::optional<std::size_t> again_p;  // where to go on when the last `**` takes one more component
  std::size_t again_n = 0;
  auto const end_of_name = [&](std::size_t at) {
    return std::min(path.find('/', at), path.size());
  };
  while (n < path.size()) {
    if (p < with.size() && with[p].what == component_kind::any_depth) {
      if (p + 1 == with.size()) return true;
      again_p = ++p;
      again_n = n;
      continue;
    }
    auto const end = end_of_name(n);
    if (p < with.size() && matches_component(with[p], path.substr(n, end - n))) {
      ++p;
      n = end + 1;
      continue;
    }
    if (!again_p || end_of_name(again_n) == path.size()) return false;
    p = *again_p;
    n = again_n = end_of_name(again_n) + 1;
  }
  return may_be_nothing(with, p);
}

}  // namespace

glob::glob(std::string_view pattern) {
  std::vector<written_out> all;
  valid_ = well_formed(pattern) && write_out(std::string(pattern), all);
  if (!valid_) return;
  for (auto const& [text, searched] : all) {
    alternatives_.push_back(make_alternative(text));
    alternatives_.back().searched = searched;
  }
}

bool glob::matches(std::string_view path) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](auto const& with) { return alternative_matches(with.components, path); });
}

bool matches_component(glob::component const& with, std::string_view name) {
  return with.what == component_kind::literal ? with.text == name : matches_name(with.text, name);
}

bool matches_name(std::string_view component, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::optional<std::size_t> again_p;  // behind the last star
  std::size_t again_n = 0;
  while (true) {
    if (p < component.size() && component[p] == '*') {
      again_p = ++p;
      again_n = n;
      continue;
    }
    if (p == component.size() && n == name.size()) return true;
    if (p < component.size() && match_element(component, p, name, n)) continue;
    if (!again_p || again_n == name.size()) return false;
    again_n += decode_utf8(name, again_n).length;
    p = *again_p;
    n = again_n;
  }
}

std::pair<std::string, std::string> split_glob(std::string_view pattern) {
  auto slash = npos;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '\\') {
      ++at;
      continue;
    }
    if (pattern[at] == '/') slash = at;
    if (std::string_view("*?[{").find(pattern[at]) != npos) break;
  }
  if (slash == npos) return {".", std::string(pattern)};
  return {std::string(pattern.substr(0, std::max<std::size_t>(slash, 1))),
          std::string(pattern.substr(slash + 1))};
}

}  // namespace corunner::exec
