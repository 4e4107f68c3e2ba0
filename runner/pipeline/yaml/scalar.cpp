#include "runner/pipeline/yaml/scalar.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace corunner::pipeline::yaml {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    char const c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] - 'A' + 'a') : a[i];
    if (c != b[i]) return false;
  }
  return true;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (std::string_view const word : words) {
    if (equals_ignoring_case(text, word)) return true;
  }
  return false;
}

bool matches(std::string_view text, RE2 const& pattern) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

std::string without_separators(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c != '_' && c != ',') out.push_back(c);
  }
  return out;
}

// Ruby switches to scientific notation from 1e16 up and below 1e-4, and always shows a fraction.
std::string ruby_float(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::string text = fmt::format("{}", value);
  if (text.find('.') == std::string::npos) text.insert(std::min(text.find('e'), text.size()), ".0");
  return text;
}

// Digits without separators in the base that the prefix names; text when it does not fit.
scalar integer_from(std::string_view text) {
  std::string digits = without_separators(text);
  bool const negative = !digits.empty() && digits.front() == '-';
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.erase(0, 1);
  int base = 10;
  if (digits.starts_with("0x")) {
    base = 16;
    digits.erase(0, 2);
  } else if (digits.starts_with("0b")) {
    base = 2;
    digits.erase(0, 2);
  } else if (digits.size() > 1 && digits.front() == '0') {
    base = 8;
    digits.erase(0, 1);
  }
  unsigned long long value = 0;
  auto const [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    // Ruby's integers have no limit: a decimal one keeps its digits.
    if (base == 10) return {kind::integer, (negative ? "-" : "") + digits};
    return {kind::string, std::string(text)};
  }
  return {kind::integer, fmt::format("{}{}", negative && value != 0 ? "-" : "", value)};
}

// The sum of the parts times 60 to the power of their distance from the third one.
double base_60(std::string_view text) {
  double sum = 0;
  int place = 0;
  while (true) {
    std::size_t const colon = text.find(':');
    std::string const part = without_separators(text.substr(0, colon));
    sum += std::strtod(part.c_str(), nullptr) * std::pow(60, std::abs(place - 2));
    if (colon == std::string_view::npos) return sum;
    text.remove_prefix(colon + 1);
    ++place;
  }
}

}  // namespace

scalar resolve_plain(std::string_view text) {
  static RE2 const integer(
      "[-+]?0b[01_,]+|[-+]?0[0-7_,]*|[-+]?[1-9][0-9_,]*|[-+]?0x[0-9a-fA-F_,]+");
  static RE2 const real("[-+]?(?:[0-9][0-9_,]*)?\\.[0-9]*(?:[eE][+-][0-9]+)?");
  static RE2 const lone_dot("[-+]?\\.");
  static RE2 const sexagesimal("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}");
  static RE2 const sexagesimal_real("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*");
  static RE2 const date("\\d{4}-(?:1[012]|0\\d|\\d)-(?:[12]\\d|3[01]|0\\d|\\d)");
  static RE2 const time(
      "-?\\d{4}-\\d{1,2}-\\d{1,2}(?:[Tt]|\\s+)\\d{1,2}:\\d\\d:\\d\\d(?:\\.\\d*)?"
      "(?:\\s*(?:Z|[-+]\\d{1,2}:?(?:\\d\\d)?))?");

  if (text.empty() || text == "~" || is_one_of(text, {"null"})) return {kind::null, ""};
  if (is_one_of(text, {"yes", "true", "on"})) return {kind::boolean, "true"};
  if (is_one_of(text, {"no", "false", "off"})) return {kind::boolean, "false"};
  if (is_one_of(text, {".inf"})) return {kind::real, "Infinity"};
  if (is_one_of(text, {"-.inf"})) return {kind::real, "-Infinity"};
  if (is_one_of(text, {".nan"})) return {kind::real, "NaN"};

  char const first = text.front();
  bool const numeric =
      (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
  // No number or date is this long; the bound keeps hostile scalars cheap.
  if (!numeric || text.size() > 256) return {kind::string, std::string(text)};
  if (matches(text, date) || matches(text, time)) return {kind::string, std::string(text), true};
  if (matches(text, sexagesimal)) {
    return {kind::integer, fmt::format("{:.0f}", base_60(text))};
  }
  if (matches(text, sexagesimal_real)) return {kind::real, ruby_float(base_60(text))};
  if (matches(text, real) && !matches(text, lone_dot)) {
    return {kind::real, ruby_float(std::strtod(without_separators(text).c_str(), nullptr))};
  }
  if (matches(text, integer)) return integer_from(text);
  return {kind::string, std::string(text)};
}

}  // namespace corunner::pipeline::yaml
