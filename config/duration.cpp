#include "config/duration.hpp"

#include "config/in_quotes.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

namespace corunner::config {

namespace {

constexpr std::uint64_t longest = std::uint64_t{1} << 63;  // the magnitude of the smallest duration

struct unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::array<unit, 8> units{{{"ns", 1},
                                     {"us", 1'000},
                                     {"\u00b5s", 1'000},  // micro sign
                                     {"\u03bcs", 1'000},  // Greek mu
                                     {"ms", 1'000'000},
                                     {"s", 1'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"h", 3'600'000'000'000}}};

std::optional<std::uint64_t> length_of(std::string_view name) {
  for (unit const& each : units) {
    if (each.name == name) return each.nanoseconds;
  }
  return std::nullopt;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "12.345": the digits before and behind the point.
struct decimal {
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;  // in units of 1/scale
  double scale = 1;
  bool empty = true;
  bool overflow = false;
};

decimal take_decimal(std::string_view& text) {
  decimal number;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    number.empty = false;
    if (number.whole > longest / 10) number.overflow = true;
    if (!number.overflow) {
      number.whole = number.whole * 10 + static_cast<unsigned>(text.front() - '0');
    }
    if (number.whole > longest) number.overflow = true;
  }
  if (text.empty() || text.front() != '.') return number;
  text.remove_prefix(1);
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    number.empty = false;
    // Digits past the precision of a nanosecond of an hour change nothing.
    if (number.fraction > longest / 100) continue;
    number.fraction = number.fraction * 10 + static_cast<unsigned>(text.front() - '0');
    number.scale *= 10;
  }
  return number;
}

std::string_view take_unit(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] != '.' && !is_digit(text[end])) ++end;
  auto const name = text.substr(0, end);
  text.remove_prefix(end);
  return name;
}

}  // namespace

outcome<duration> parse_duration(std::string_view text) {
  auto const invalid = [&] { return failure{"time: invalid duration " + in_quotes(text)}; };
  auto rest = text;
  bool negative = false;
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest == "0") return duration::zero();
  if (rest.empty()) return invalid();
  std::uint64_t total = 0;
  while (!rest.empty()) {
    auto const number = take_decimal(rest);
    if (number.empty || number.overflow) return invalid();
    auto const name = take_unit(rest);
    if (name.empty()) return failure{"time: missing unit in duration " + in_quotes(text)};
    auto const length = length_of(name);
    if (!length) {
      return failure{"time: unknown unit " + in_quotes(name) + " in duration " + in_quotes(text)};
    }
    if (number.whole > longest / *length) return invalid();
    auto const part = number.whole * *length +
                      static_cast<std::uint64_t>(static_cast<double>(number.fraction) *
                                                 (static_cast<double>(*length) / number.scale));
    if (part > longest || total > longest - part) return invalid();
    total += part;
  }
  if (negative) return duration(static_cast<std::int64_t>(~total + 1));
  if (total >= longest) return invalid();
  return duration(static_cast<std::int64_t>(total));
}

namespace {

// `value` / 10^digits with the zeros at the end cut off.
std::string with_fraction(std::uint64_t value, int digits) {
  std::uint64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  auto const fraction = value % scale;
  if (fraction == 0) return fmt::format("{}", value / scale);
  auto text = fmt::format("{}.{:0{}}", value / scale, fraction, digits);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

}  // namespace

std::string format_duration(duration length) {
  auto const count = length.count();
  if (count == 0) return "0s";
  std::string const sign = count < 0 ? "-" : "";
  auto const size =
      count < 0 ? ~static_cast<std::uint64_t>(count) + 1 : static_cast<std::uint64_t>(count);
  if (size < 1'000) return fmt::format("{}{}ns", sign, size);
  if (size < 1'000'000) return sign + with_fraction(size, 3) + "\u00b5s";
  if (size < 1'000'000'000) return sign + with_fraction(size, 6) + "ms";
  constexpr std::uint64_t minute = 60'000'000'000;
  auto const minutes = size / minute;
  auto const seconds = with_fraction(size % minute, 9) + "s";
  if (minutes == 0) return sign + seconds;
  if (minutes < 60) return fmt::format("{}{}m{}", sign, minutes, seconds);
  return fmt::format("{}{}h{}m{}", sign, minutes / 60, minutes % 60, seconds);
}

}  // namespace corunner::config
