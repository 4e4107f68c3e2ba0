#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "runner/pipeline/entry/reader.hpp"

namespace corunner::pipeline::entry {
namespace {

struct unit {
  double seconds;
  std::array<std::string_view, 6> names;
};

constexpr std::array<unit, 7> units{{
    {1, {"s", "sec", "secs", "second", "seconds"}},
    {60, {"m", "min", "mins", "minute", "minutes"}},
    {3600, {"h", "hr", "hrs", "hour", "hours"}},
    {86400, {"d", "dy", "day", "days"}},
    {604800, {"w", "wk", "wks", "week", "weeks"}},
    {2592000, {"mo", "mos", "mon", "mons", "month", "months"}},
    {31557600, {"y", "yr", "yrs", "year", "years"}},
}};

constexpr std::array<std::string_view, 3> joining_words{"and", "with", "plus"};

std::optional<double> seconds_of(std::string_view name) {
  if (name.empty()) return std::nullopt;
  for (unit const& u : units) {
    if (std::ranges::find(u.names, name) != u.names.end()) return u.seconds;
  }
  return std::nullopt;
}

bool is_digit(char c) { return (c >= '0' && c <= '9') || c == '.'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_gap(char c) { return c == ' ' || c == ',' || (c >= '\t' && c <= '\r'); }

// Cuts the longest front of `rest` whose characters satisfy `belongs`.
template <class Predicate>
std::string_view take(std::string_view& rest, Predicate belongs) {
  std::size_t n = 0;
  while (n < rest.size() && belongs(rest[n])) ++n;
  std::string_view const out = rest.substr(0, n);
  rest.remove_prefix(n);
  return out;
}

std::optional<double> number(std::string_view text) {
  double out = 0;
  auto const [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), out, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// `4:01:01`: hours, minutes, seconds from the right.
std::optional<double> clock_seconds(std::string_view text) {
  double sum = 0;
  int parts = 0;
  while (true) {
    std::size_t const colon = text.find(':');
    std::optional<double> const part = number(text.substr(0, colon));
    if (!part || ++parts > 3) return std::nullopt;
    sum = sum * 60 + *part;
    if (colon == std::string_view::npos) return sum;
    text.remove_prefix(colon + 1);
  }
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  constexpr double longest = 1e11;  // some three thousand years
  std::string lower(text.substr(0, std::min<std::size_t>(text.size(), 256)));
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string_view rest = lower;
  double sum = 0;
  bool any = false;
  while (true) {
    take(rest, is_gap);
    if (rest.empty()) break;
    if (is_letter(rest.front())) {
      std::string_view const word = take(rest, is_letter);
      if (std::ranges::find(joining_words, word) == joining_words.end()) return std::nullopt;
      continue;
    }
    std::string_view const digits = take(rest, [](char c) { return is_digit(c) || c == ':'; });
    bool const clock = digits.find(':') != std::string_view::npos;
    std::optional<double> const amount = clock ? clock_seconds(digits) : number(digits);
    if (!amount) return std::nullopt;
    take(rest, is_gap);
    std::string_view ahead = rest;
    std::string_view const word = take(ahead, is_letter);
    std::optional<double> const scale = seconds_of(word);
    if (scale) rest = ahead;
    sum += *amount * scale.value_or(1);
    any = true;
    if (sum > longest) return std::nullopt;
  }
  // GitLab takes a duration of nothing for no duration at all.
  if (!any || sum <= 0) return std::nullopt;
  return std::chrono::seconds(std::llround(sum));
}

}  // namespace corunner::pipeline::entry
