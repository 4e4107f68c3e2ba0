#include "runner/pipeline/entry/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "runner/pipeline/keywords.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr int nesting_limit = 10;

bool is_scalar(node const& value) {
  return value.is_string() || value.type == yaml::kind::integer || value.type == yaml::kind::real ||
         value.type == yaml::kind::boolean;
}

bool collect_strings(node const& value, int depth, std::vector<std::string>& out) {
  if (value.is_string()) {
    out.push_back(value.text);
    return true;
  }
  if (!value.is_sequence() || depth > nesting_limit) return false;
  return std::ranges::all_of(value.items, [&](node const& item) {
    return collect_strings(item, depth + 1, out);
  });
}

void collect_items(node const& list, int depth, std::vector<node const*>& out) {
  for (node const& item : list.items) {
    if (item.is_sequence() && depth < nesting_limit) {
      collect_items(item, depth + 1, out);
    } else {
      out.push_back(&item);
    }
  }
}

}  // namespace

void fail(diagnostics& errors, node const& at, std::string path, std::string text) {
  errors.add(at.file_name(), at.where, std::move(path), std::move(text));
}

bool check_mapping(diagnostics& errors, node const& value, std::string const& path,
                   key_set const& keys) {
  if (!value.is_mapping()) {
    fail(errors, value, path, "config should be a hash");
    return false;
  }
  for (node::entry const& e : value.entries) {
    if (std::ranges::find(keys.known, e.key) != keys.known.end()) continue;
    std::string_view const file = e.value.file ? e.value.file_name() : value.file_name();
    if (std::ranges::find(keys.refused, e.key) != keys.refused.end()) {
      if (!e.value.is_null()) {
        refuse(errors, file, e.key_where, std::string(keys.refused_prefix) + e.key);
      }
      continue;
    }
    std::string text = "config contains unknown keys: " + e.key;
    std::string_view const near = nearest_name(e.key, keys.known);
    if (!near.empty()) text += fmt::format(", did you mean '{}'?", near);
    errors.add(file, e.key_where, path, std::move(text));
  }
  return true;
}

node const* given(node const& mapping, std::string_view key) {
  node const* const found = mapping.find(key);
  return found && !found->is_null() ? found : nullptr;
}

std::string read_string(diagnostics& errors, node const& value, std::string const& path) {
  if (value.is_string()) return value.text;
  fail(errors, value, path, "config should be a string");
  return {};
}

std::string read_scalar(diagnostics& errors, node const& value, std::string const& path) {
  if (is_scalar(value)) return value.text;
  fail(errors, value, path, "config should be a string");
  return {};
}

bool read_boolean(diagnostics& errors, node const& value, std::string const& path) {
  if (value.type != yaml::kind::boolean) {
    fail(errors, value, path, "config should be a boolean value");
  }
  return value.is_true();
}

std::optional<int> read_integer(node const& value) {
  if (value.type != yaml::kind::integer) return std::nullopt;
  int out = 0;
  auto const [end, error] =
      std::from_chars(value.text.data(), value.text.data() + value.text.size(), out);
  if (error != std::errc() || end != value.text.data() + value.text.size()) return std::nullopt;
  return out;
}

std::vector<std::string> read_strings(diagnostics& errors, node const& value,
                                      std::string const& path) {
  std::vector<std::string> out;
  bool good = value.is_sequence();
  for (node const& item : value.items) {
    good = good && item.is_string();
    out.push_back(item.text);
  }
  if (good) return out;
  fail(errors, value, path, "config should be an array of strings");
  return {};
}

std::vector<std::string> read_string_or_strings(diagnostics& errors, node const& value,
                                                std::string const& path) {
  if (value.is_string()) return {value.text};
  std::vector<std::string> out;
  bool good = value.is_sequence();
  for (node const& item : value.items) {
    good = good && item.is_string();
    out.push_back(item.text);
  }
  if (good) return out;
  fail(errors, value, path, "config should be an array of strings or a string");
  return {};
}

std::vector<std::string> read_nested_strings(diagnostics& errors, node const& value,
                                             std::string const& path, bool single) {
  std::vector<std::string> out;
  bool const shape = single || value.is_sequence();
  if (shape && collect_strings(value, 0, out)) return out;
  fail(
      errors, value, path,
      single
          ? "config should be a string or a nested array of strings up to 10 levels deep"
          : "config should be an array of strings or a nested array of strings up to 10 levels deep");
  return {};
}

std::string read_choice(diagnostics& errors, node const& value, std::string const& path,
                        std::string_view what, std::span<std::string_view const> choices) {
  if (value.is_string() && std::ranges::find(choices, value.text) != choices.end()) {
    return value.text;
  }
  fail(errors, value, path, fmt::format("{} should be one of: {}", what, fmt::join(choices, ", ")));
  return std::string(choices.front());
}

std::optional<std::chrono::seconds> read_duration(diagnostics& errors, node const& value,
                                                  std::string const& path, std::string_view what,
                                                  std::chrono::seconds limit) {
  std::optional<std::chrono::seconds> const parsed =
      value.is_string() ? parse_duration(value.text) : std::nullopt;
  if (!parsed) {
    // A bare number is refused by GitLab too; say how it is meant to be written.
    bool const number = value.type == yaml::kind::integer;
    fail(errors, value, path,
         fmt::format("{} should be a duration{}", what,
                     number ? fmt::format(", quote it: '{}'", value.text) : ""));
    return std::nullopt;
  }
  if (limit.count() > 0 && *parsed > limit) {
    fail(errors, value, path, fmt::format("{} should not exceed the limit", what));
    return std::nullopt;
  }
  return parsed;
}

std::vector<node const*> flatten(node const& list) {
  std::vector<node const*> out;
  collect_items(list, 0, out);
  return out;
}

namespace {

constexpr std::array<std::string_view, 2> job_variable_keys{"value", "expand"};
constexpr std::array<std::string_view, 4> global_variable_keys{"value", "description", "options",
                                                               "expand"};

// `{value, expand, ...}`
void read_variable_mapping(diagnostics& errors, node const& value, std::string const& path,
                           variable_form form, variable& out) {
  std::span<std::string_view const> keys = job_variable_keys;
  if (form == variable_form::global) keys = global_variable_keys;
  check_mapping(errors, value, path, {keys});
  if (node const* const text = given(value, "value")) out.value = read_scalar(errors, *text, path);
  if (node const* const e = given(value, "expand")) {
    out.raw = !read_boolean(errors, *e, path + ":expand");
  }
  if (form != variable_form::global) return;
  if (node const* const d = given(value, "description")) {
    read_string(errors, *d, path + ":description");
  }
  if (node const* const o = given(value, "options")) {
    std::vector<std::string> const options = read_strings(errors, *o, path + ":options");
    if (!options.empty() && std::ranges::find(options, out.value) == options.end()) {
      fail(errors, *o, path, "config value must be present in options");
    }
  }
}

}  // namespace

std::vector<variable> read_variables(diagnostics& errors, node const& value,
                                     std::string const& path, variable_form form) {
  std::string_view const wrong =
      form == variable_form::scalars
          ? "config should be a hash of key value pairs"
          : "config should be a hash of key value pairs, value can be a hash";
  if (!value.is_mapping()) {
    fail(errors, value, path, std::string(wrong));
    return {};
  }
  variable_list out;
  for (node::entry const& e : value.entries) {
    variable v;
    v.key = e.key;
    if (is_scalar(e.value)) {
      v.value = e.value.text;
    } else if (e.value.is_mapping() && form != variable_form::scalars) {
      read_variable_mapping(errors, e.value, path + ":" + e.key, form, v);
    } else {
      fail(errors, e.value, path, std::string(wrong));
    }
    out.set(std::move(v));
  }
  return std::move(out).take();
}

}  // namespace corunner::pipeline::entry
