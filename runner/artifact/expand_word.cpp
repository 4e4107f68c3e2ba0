#include "runner/artifact/expand_word.hpp"

#include "exec/archive/glob.hpp"
#include "runner/artifact/arithmetic.hpp"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <optional>
#include <stdexcept>

namespace corunner {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr int most_nested = 50;

struct bad_word : std::runtime_error {
  using runtime_error::runtime_error;
};

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_name(char c) { return begins_name(c) || (c >= '0' && c <= '9'); }

// Whether the shell's pattern matches all of `text`; '/' is a character like any other here.
bool matches(std::string_view pattern, std::string_view text) {
  return exec::matches_name(pattern, text);
}

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

std::string in_case(std::string value, bool upper, bool all) {
  for (std::size_t i = 0; i < value.size() && (all || i == 0); ++i) {
    auto const c = static_cast<unsigned char>(value[i]);
    value[i] = static_cast<char>(upper ? std::toupper(c) : std::tolower(c));
  }
  return value;
}

std::string part_of(std::string const& value, std::int64_t offset,
                    std::optional<std::int64_t> length) {
  auto const size = static_cast<std::int64_t>(value.size());
  auto const begin = std::min(offset < 0 ? std::max<std::int64_t>(size + offset, 0) : offset, size);
  auto end = size;
  if (length) end = *length < 0 ? size + *length : std::min(begin + *length, size);
  if (end <= begin) return {};
  return value.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

class expander {
 public:
  expander(std::string_view text, config::environment const& variables)
      : text_(text), variables_(variables) {}

  std::string expand() { return until(npos); }

 private:
  [[noreturn]] void fail(std::size_t at, std::string_view why) const {
    throw bad_word(fmt::format("1:{}: {}", at + 1, why));
  }
  [[noreturn]] void refuse_command(std::size_t at) const {
    throw bad_word(fmt::format("unexpected command substitution at 1:{}", at + 1));
  }

  std::optional<std::string> value_of(std::string const& name) const {
    if (auto const set = assigned_.find(name); set != assigned_.end()) return set->second;
    return variables_(name);
  }

  // Expands up to `end` of the text.
  std::string until(std::size_t end) {
    std::string out;
    end = std::min(end, text_.size());
    while (at_ < end) {
      char const c = text_[at_];
      if (c == '\\' && at_ + 1 < end && std::string_view("$`\\").find(text_[at_ + 1]) != npos) {
        out += text_[at_ + 1];
        at_ += 2;
      } else if (c == '`') {
        refuse_command(at_);
      } else if (c == '$') {
        out += dollar();
      } else {
        out += c;
        ++at_;
      }
    }
    return out;
  }

  std::string dollar() {
    auto const begin = at_++;
    if (text_.substr(at_).starts_with("((")) return arithmetic(begin);
    if (at_ < text_.size() && text_[at_] == '(') refuse_command(begin);
    if (at_ < text_.size() && text_[at_] == '{') return braces(begin);
    auto const name = take_name();
    if (name.empty()) return "$";
    return value_of(name).value_or("");
  }

  std::string take_name() {
    auto const begin = at_;
    if (at_ < text_.size() && begins_name(text_[at_])) {
      while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  // The index of the '}' that belongs to the '{' before at_.
  std::size_t closing(std::size_t begin) const {
    int depth = 1;
    for (auto i = at_; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '$' && i + 1 < text_.size() && text_[i + 1] == '{') {
        ++depth;
      } else if (text_[i] == '}' && --depth == 0) {
        return i;
      }
    }
    fail(begin, "reached EOF without matching `${` with `}`");
  }

  std::string braces(std::size_t begin) {
    if (++depth_ > most_nested) fail(begin, "too deeply nested");
    ++at_;
    bool const length = at_ + 1 < text_.size() && text_[at_] == '#' && begins_name(text_[at_ + 1]);
    if (length) ++at_;
    auto const name = take_name();
    if (name.empty()) fail(begin + 2, "invalid parameter name");
    auto const end = closing(begin);
    auto const value = value_of(name);
    std::string out;
    if (length) {
      out = std::to_string(value.value_or("").size());
      if (at_ != end) fail(at_, "not a valid parameter expansion operator");
    } else {
      out = at_ == end ? value.value_or("") : operation(name, value, end);
    }
    at_ = end + 1;
    --depth_;
    return out;
  }

  // What stands between the name and `end`.
  std::string operation(std::string const& name, std::optional<std::string> const& value,
                        std::size_t end) {
    char const first = text_[at_];
    bool const colon = first == ':';
    char const op = colon && at_ + 1 < end ? text_[at_ + 1] : first;
    if (std::string_view("-=?+").find(op) != npos) {
      at_ += colon ? 2 : 1;
      return choice(name, value, op, colon, end);
    }
    auto const twice = at_ + 1 < end && text_[at_ + 1] == first;
    auto const skip = [&] { at_ += twice ? 2 : 1; };
    auto const text = value.value_or("");
    switch (first) {
      case '#': skip(); return without_front(text, until(end), twice);
      case '%': skip(); return without_end(text, until(end), twice);
      case '^': skip(); return in_case(text, true, twice);
      case ',': skip(); return in_case(text, false, twice);
      case '/': skip(); return replacement(text, twice, end);
      case ':': ++at_; return substring(text, end);
      default: fail(at_, "not a valid parameter expansion operator");
    }
  }

  std::string choice(std::string const& name, std::optional<std::string> const& value, char op,
                     bool colon, std::size_t end) {
    bool const there = value && (!colon || !value->empty());
    if (op == '+') return there ? until(end) : "";
    if (there) return *value;
    auto otherwise = until(end);
    if (op == '?') throw bad_word(fmt::format("{}: {}", name, otherwise));
    if (op == '=') assigned_[name] = otherwise;
    return otherwise;
  }

  std::string replacement(std::string const& text, bool all, std::size_t end) {
    auto slash = at_;
    while (slash < end && text_[slash] != '/') slash += text_[slash] == '\\' ? 2 : 1;
    auto const pattern = until(std::min(slash, end));
    if (slash < end) ++at_;
    auto const with = until(end);
    return pattern.empty() ? text : replaced(text, pattern, with, all);
  }

  std::string substring(std::string const& text, std::size_t end) {
    auto const colon = text_.substr(0, end).find(':', at_);
    auto const offset = number(until(std::min(colon, end)));
    if (colon == npos) return part_of(text, offset, std::nullopt);
    ++at_;
    auto const length = number(until(end));
    return part_of(text, offset, length);
  }

  // The index of the "))" that belongs to the "((" at at_.
  std::size_t closing_parentheses(std::size_t begin) const {
    int depth = 0;
    for (auto i = at_ + 2; i + 1 < text_.size(); ++i) {
      if (text_[i] == '(') ++depth;
      if (text_[i] != ')') continue;
      if (depth == 0 && text_[i + 1] == ')') return i;
      --depth;
    }
    fail(begin, "reached EOF without matching `$((` with `))`");
  }

  std::string arithmetic(std::size_t begin) {
    auto const end = closing_parentheses(begin);
    at_ += 2;
    auto const formula = until(end);
    at_ = end + 2;
    return std::to_string(number(formula));
  }

  std::int64_t number(std::string const& formula) const {
    auto const value = evaluate(formula, [this](std::string const& name) {
      return value_of(name).value_or("");
    });
    if (!value) throw bad_word(fmt::format("not a valid arithmetic expression: {}", formula));
    return *value;
  }

  std::string_view text_;
  config::environment const& variables_;
  std::map<std::string, std::string> assigned_;  // by ${V=...}
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

expanded_word expand_word(std::string_view text, config::environment const& variables) {
  try {
    return {expander(text, variables).expand(), {}};
  } catch (bad_word const& why) {
    return {std::string(text), why.what()};
  }
}

}  // namespace corunner
