#include "runner/coordinator/api/parameters.hpp"

#include "net/url.hpp"
#include "runner/coordinator/api/body/multipart.hpp"
#include "runner/coordinator/api/body/utf8_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace corunner::coordinator {

namespace {

// As GitLab's framework reads them; Python's clients send "True".
constexpr std::string_view true_words[] = {"true", "1", "t", "T", "True", "TRUE", "on", "On", "ON",
                                           "y",    "Y", "yes", "Yes", "YES"};
constexpr std::string_view false_words[] = {"false", "0",   "f", "F", "False", "FALSE", "off",
                                            "Off",   "OFF", "n", "N", "no",    "No",    "NO"};

std::string decoded(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', ' ');
  return net::percent_decode(plain);
}

std::string trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> items;
  while (true) {
    auto const comma = text.find(',');
    if (auto item = trimmed(text.substr(0, comma)); !item.empty()) items.push_back(std::move(item));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> split_form(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    auto const part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    if (part.empty()) continue;
    auto const equals = part.find('=');
    auto const value =
        equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    pairs.emplace_back(decoded(part.substr(0, equals)), decoded(value));
  }
  return pairs;
}

void parameters::add(std::string_view key, boost::json::value value) {
  // "tag_list[]=a&tag_list[]=b" is an array, "info[name]=x" an object.
  if (key.ends_with("[]")) {
    auto& list = values_[key.substr(0, key.size() - 2)];
    if (!list.is_array()) list = boost::json::array();
    list.as_array().push_back(std::move(value));
    return;
  }
  auto const open = key.find('[');
  if (open != std::string_view::npos && open > 0 && key.ends_with(']')) {
    auto& inner = values_[key.substr(0, open)];
    if (!inner.is_object()) inner = boost::json::object();
    inner.as_object()[key.substr(open + 1, key.size() - open - 2)] = std::move(value);
    return;
  }
  values_[key] = std::move(value);
}

bool parameters::add_query(std::string_view text) {
  for (auto& [key, value] : split_form(text)) {
    if (!is_utf8(key) || !is_utf8(value)) return false;
    add(key, boost::json::value(value));
  }
  return true;
}

bool parameters::add_form(std::string_view boundary, std::string_view body) {
  multipart_parser parser(boundary);
  std::string key;
  std::string value;
  parser.part_begins = [&](multipart_part const& part) {
    key = part.name;
    value.clear();
  };
  parser.part_data = [&](std::string_view data) { value.append(data); };
  bool readable = true;
  parser.part_ends = [&] {
    readable = readable && is_utf8(key) && is_utf8(value);
    if (readable) add(key, boost::json::value(value));
  };
  return parser.feed(body) && parser.finished() && readable;
}

bool parameters::add_body(std::string_view content_type, std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return true;
  if (content_type.starts_with("application/x-www-form-urlencoded")) return add_query(body);
  if (auto const boundary = boundary_of(content_type); !boundary.empty()) {
    return add_form(boundary, body);
  }
  if (!content_type.starts_with("application/json")) return true;
  boost::system::error_code failed;
  auto parsed = boost::json::parse(body, failed);
  if (failed) return false;
  if (parsed.is_null()) return true;
  if (!parsed.is_object()) return false;
  for (auto& [key, value] : parsed.as_object()) values_[key] = std::move(value);
  return true;
}

boost::json::value const* parameters::find(std::string_view key) const {
  return values_.if_contains(key);
}

bool parameters::has(std::string_view key) const { return find(key) != nullptr; }

bool parameters::is_null(std::string_view key) const {
  auto const* const value = find(key);
  return value && value->is_null();
}

std::optional<std::string> parameters::text(std::string_view key) {
  auto const* const value = find(key);
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_string()) return std::string(value->as_string());
  if (value->is_int64()) return std::to_string(value->as_int64());
  if (value->is_bool()) return value->as_bool() ? "true" : "false";
  fault(fmt::format("{} is invalid", key));
  return std::nullopt;
}

std::optional<std::int64_t> parameters::integer(std::string_view key) {
  auto const* const value = find(key);
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_int64()) return value->as_int64();
  if (value->is_string()) {
    std::string_view const digits = value->as_string();
    if (digits.empty()) return std::nullopt;
    std::int64_t number = 0;
    auto const [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (failed == std::errc() && end == digits.data() + digits.size()) return number;
  }
  fault(fmt::format("{} is invalid", key));
  return std::nullopt;
}

std::optional<bool> parameters::boolean(std::string_view key) {
  auto const* const value = find(key);
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_bool()) return value->as_bool();
  if (value->is_int64() && (value->as_int64() == 0 || value->as_int64() == 1)) {
    return value->as_int64() == 1;
  }
  if (value->is_string()) {
    std::string_view const word = value->as_string();
    if (word.empty()) return std::nullopt;
    auto const is = [&](std::string_view known) { return word == known; };
    if (std::any_of(std::begin(true_words), std::end(true_words), is)) return true;
    if (std::any_of(std::begin(false_words), std::end(false_words), is)) return false;
  }
  fault(fmt::format("{} is invalid", key));
  return std::nullopt;
}

std::optional<std::vector<std::string>> parameters::list(std::string_view key) {
  auto const* const value = find(key);
  if (!value || value->is_null()) return std::nullopt;
  if (value->is_string()) return split_commas(value->as_string());
  if (value->is_array()) {
    std::vector<std::string> items;
    for (auto const& item : value->as_array()) {
      if (!item.is_string()) continue;
      if (auto text = trimmed(item.as_string()); !text.empty()) items.push_back(std::move(text));
    }
    return items;
  }
  fault(fmt::format("{} is invalid", key));
  return std::nullopt;
}

boost::json::object const* parameters::object(std::string_view key) {
  auto const* const value = find(key);
  if (!value || value->is_null()) return nullptr;
  if (value->is_object()) return &value->as_object();
  fault(fmt::format("{} is invalid", key));
  return nullptr;
}

std::optional<std::string> parameters::choice(std::string_view key,
                                              std::initializer_list<std::string_view> values) {
  auto word = text(key);
  if (!word) return std::nullopt;
  if (std::find(values.begin(), values.end(), *word) != values.end()) return word;
  fault(fmt::format("{} does not have a valid value", key));
  return std::nullopt;
}

std::string parameters::require(std::string_view key) {
  if (!has(key)) {
    fault(fmt::format("{} is missing", key));
    return {};
  }
  return text(key).value_or(std::string());
}

void parameters::exclusive(std::string_view first, std::string_view second) {
  if (has(first) && has(second)) fault(fmt::format("{}, {} are mutually exclusive", first, second));
}

void parameters::at_least_one(std::initializer_list<std::string_view> keys) {
  if (std::any_of(keys.begin(), keys.end(), [&](auto key) { return has(key); })) return;
  fault(fmt::format("{} are missing, at least one parameter must be provided",
                    fmt::join(keys, ", ")));
}

std::string parameters::faults() const { return fmt::format("{}", fmt::join(faults_, ", ")); }

}  // namespace corunner::coordinator
