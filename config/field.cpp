#include "config/field.hpp"

#include "config/in_quotes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace corunner::config {

namespace {

using problem = std::optional<failure>;

problem bad_number(std::string_view function, std::string_view text, std::string_view why) {
  return failure{fmt::format("strconv.{}: parsing {}: {}", function, in_quotes(text), why)};
}

problem set(std::int64_t& target, std::string_view text) {
  auto digits = text;
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) {
    return bad_number("ParseInt", text, "value out of range");
  }
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return bad_number("ParseInt", text, "invalid syntax");
  }
  target = value;
  return std::nullopt;
}

problem set(double& target, std::string_view text) {
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return bad_number("ParseFloat", text, "invalid syntax");
  }
  target = value;
  return std::nullopt;
}

problem set(bool& target, std::string_view text) {
  auto const value = parse_bool(text);
  if (!value) return bad_number("ParseBool", text, "invalid syntax");
  target = *value;
  return std::nullopt;
}

problem set(duration& target, std::string_view text) {
  auto const value = parse_duration(text);
  if (!value) return value.error();
  target = *value;
  return std::nullopt;
}

problem set(timestamp& target, std::string_view text) {
  auto const value = parse_timestamp(text);
  if (!value || !*value) return failure{"not an RFC 3339 time: " + in_quotes(text)};
  target = **value;
  return std::nullopt;
}

problem set(std::string& target, std::string_view text) {
  target = text;
  return std::nullopt;
}

problem set(boxed_text& target, std::string_view text) {
  target = std::string(text);
  return std::nullopt;
}

problem set(secret& target, std::string_view text) {
  target = secret(std::string(text));
  return std::nullopt;
}

template <class T>
problem set(std::optional<T>& target, std::string_view text) {
  T value{};
  if (auto const why = set(value, text)) return why;
  target = std::move(value);
  return std::nullopt;
}

problem set(std::vector<std::string>& target, std::string_view text) {
  target.emplace_back(text);
  return std::nullopt;
}

template <class Number>
problem set(std::vector<Number>& target, std::string_view text) {
  return set(target.emplace_back(), text);
}

problem set(one_or_more& target, std::string_view text) {
  target.values.clear();
  while (!text.empty()) {
    auto const item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    auto const first = item.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    target.values.emplace_back(item.substr(first, item.find_last_not_of(' ') - first + 1));
  }
  return std::nullopt;
}

// The members of a JSON object, when `text` is one whose values are strings or booleans.
std::optional<string_map> json_members(std::string_view text) {
  if (text.empty() || text.front() != '{') return std::nullopt;
  boost::system::error_code ec;
  auto const value = boost::json::parse({text.data(), text.size()}, ec);
  if (ec || !value.is_object()) return std::nullopt;
  string_map members;
  for (auto const& [key, member] : value.get_object()) {
    if (member.is_string()) {
      members.emplace(key, std::string(member.get_string()));
    } else if (member.is_bool()) {
      members.emplace(key, member.get_bool() ? "true" : "false");
    } else {
      return std::nullopt;
    }
  }
  return members;
}

string_map map_entries(std::string_view text) {
  if (auto members = json_members(text)) return *std::move(members);
  auto const colon = text.find(':');
  if (colon == std::string_view::npos) return {{std::string(text), ""}};
  return {{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))}};
}

problem set(string_map& target, std::string_view text) {
  for (auto const& [key, value] : map_entries(text)) target[key] = value;
  return std::nullopt;
}

problem set(list_map& target, std::string_view text) {
  for (auto const& [key, value] : map_entries(text)) target[key] = {value};
  return std::nullopt;
}

template <class Value>
problem set(std::map<std::string, Value>& target, std::string_view text) {
  for (auto const& [key, value] : map_entries(text)) {
    if (auto const why = set(target[key], value)) return why;
  }
  return std::nullopt;
}

template <class T>
problem set(boxed<T>& target, std::string_view text) {
  return set(target.or_emplace(), text);
}

problem set(free_table&, std::string_view) { return failure{"a table cannot be given as text"}; }

}  // namespace

bool is_switch(field const& target) { return std::holds_alternative<bool*>(target); }

bool is_repeatable(field const& target) {
  return std::holds_alternative<std::vector<std::string>*>(target) ||
         std::holds_alternative<std::vector<std::int64_t>*>(target) ||
         std::holds_alternative<std::vector<double>*>(target) ||
         std::holds_alternative<string_map*>(target) ||
         std::holds_alternative<boxed<string_map>*>(target) ||
         std::holds_alternative<flag_map*>(target) ||
         std::holds_alternative<boxed<flag_map>*>(target) ||
         std::holds_alternative<number_map*>(target) || std::holds_alternative<list_map*>(target);
}

std::optional<failure> set_from_text(field const& target, std::string_view text) {
  return std::visit([text](auto* value) { return set(*value, text); }, target);
}

std::string default_text(field const& target) {
  if (auto* const* text = std::get_if<std::string*>(&target)) return **text;
  if (auto* const* text = std::get_if<boxed_text*>(&target)) return **text;
  if (auto* const* number = std::get_if<std::int64_t*>(&target)) return fmt::format("{}", **number);
  if (auto* const* number = std::get_if<double*>(&target)) return fmt::format("{}", **number);
  if (auto* const* length = std::get_if<duration*>(&target)) return format_duration(**length);
  return "";
}

std::optional<bool> parse_bool(std::string_view text) {
  for (std::string_view const yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == yes) return true;
  }
  for (std::string_view const no : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

}  // namespace corunner::config
