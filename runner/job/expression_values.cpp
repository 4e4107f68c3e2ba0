#include "runner/job/expression_values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

namespace corunner {
namespace {

namespace json = boost::json;

template <class T>
int order(T const& left, T const& right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}

int rank(json::value const& value) {
  switch (value.kind()) {
    case json::kind::null: return 0;
    case json::kind::bool_: return 1;
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return 2;
    case json::kind::string: return 3;
    case json::kind::array: return 4;
    case json::kind::object: return 5;
  }
  return 0;
}

int compare_arrays(json::array const& left, json::array const& right) {
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (int const found = compare(left[i], right[i])) return found;
  }
  return order(left.size(), right.size());
}

std::vector<std::string> sorted_keys(json::object const& of) {
  std::vector<std::string> keys;
  for (auto const& member : of) keys.emplace_back(member.key());
  std::ranges::sort(keys);
  return keys;
}

int compare_objects(json::object const& left, json::object const& right) {
  if (int const found = order(left.size(), right.size())) return found;
  auto const keys = sorted_keys(left);
  auto const others = sorted_keys(right);
  if (int const found = order(keys, others)) return found;
  for (auto const& key : keys) {
    if (int const found = compare(left.at(key), right.at(key))) return found;
  }
  return 0;
}

// Numbers as people write them: 3, not 3E0.
std::string as_json(json::value const& value) {
  constexpr double exact = 1e15;
  if (auto const number = as_number(value)) {
    bool const whole = *number == std::floor(*number) && std::abs(*number) < exact;
    return whole ? fmt::format("{}", static_cast<long long>(*number)) : fmt::format("{}", *number);
  }
  std::string out;
  if (auto const* const items = value.if_array()) {
    for (auto const& item : *items) {
      out += fmt::format("{}{}", out.empty() ? "" : ",", as_json(item));
    }
    return fmt::format("[{}]", out);
  }
  if (auto const* const members = value.if_object()) {
    for (auto const& [name, member] : *members) {
      out += fmt::format("{}{}:{}", out.empty() ? "" : ",", json::serialize(name), as_json(member));
    }
    return fmt::format("{{{}}}", out);
  }
  return json::serialize(value);
}

}  // namespace

std::optional<double> as_number(json::value const& value) {
  if (auto const* const number = value.if_double()) return *number;
  if (auto const* const number = value.if_int64()) return static_cast<double>(*number);
  if (auto const* const number = value.if_uint64()) return static_cast<double>(*number);
  return std::nullopt;
}

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool const good =
      error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
  return good ? std::optional(number) : std::nullopt;
}

std::string as_text(json::value const& value) {
  if (auto const* const text = value.if_string()) return std::string(*text);
  return value.is_null() ? "<null>" : as_json(value);
}

bool is_true(json::value const& value) {
  if (auto const number = as_number(value)) return *number != 0;
  if (auto const* const flag = value.if_bool()) return *flag;
  if (auto const* const text = value.if_string()) return !text->empty();
  if (auto const* const items = value.if_array()) return !items->empty();
  if (auto const* const members = value.if_object()) return !members->empty();
  return false;
}

int compare(json::value const& left, json::value const& right) {
  if (int const found = order(rank(left), rank(right))) return found;
  if (auto const number = as_number(left)) return order(*number, *as_number(right));
  if (left.is_bool()) return order(left.get_bool(), right.get_bool());
  if (left.is_string()) {
    return order(std::string_view(left.get_string()), std::string_view(right.get_string()));
  }
  if (left.is_array()) return compare_arrays(left.get_array(), right.get_array());
  if (left.is_object()) return compare_objects(left.get_object(), right.get_object());
  return 0;
}

std::optional<json::value> calculate(char op, json::value const& left, json::value const& right) {
  if (op == '+' && left.is_string() && right.is_string()) {
    return json::value(std::string(left.get_string()) + std::string(right.get_string()));
  }
  auto const a = as_number(left);
  auto const b = as_number(right);
  if (!a || !b) return std::nullopt;
  switch (op) {
    case '+': return json::value(*a + *b);
    case '-': return json::value(*a - *b);
    case '*': return json::value(*a * *b);
    case '/': return *b == 0 ? std::nullopt : std::optional(json::value(*a / *b));
    case '%': return *b == 0 ? std::nullopt : std::optional(json::value(std::fmod(*a, *b)));
  }
  return std::nullopt;
}

}  // namespace corunner
