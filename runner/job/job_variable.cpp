#include "runner/job/job_variable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace corunner {
namespace {

constexpr std::string_view single_character_names = "*#$@!?-0123456789";
// Of these no variable is looked up.
constexpr std::string_view names_of_nothing = "*#@!?0123456789";

bool is_name_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The reference that follows a `$`: its name, and how many characters it takes.
struct reference {
  std::string_view name;
  std::size_t length = 0;
};

reference braced_reference(std::string_view text) {
  if (text.size() > 2 && text[2] == '}' &&
      single_character_names.find(text[1]) != std::string_view::npos) {
    return {text.substr(1, 1), 3};
  }
  auto const end = text.find('}');
  if (end == std::string_view::npos) return {{}, 1};  // unclosed: only the `${` vanishes
  return {text.substr(1, end - 1), end + 1};
}

reference reference_after_dollar(std::string_view text) {
  if (text.front() == '{') return braced_reference(text);
  if (single_character_names.find(text.front()) != std::string_view::npos) {
    return {text.substr(0, 1), 1};
  }
  auto const end = std::ranges::find_if_not(text, is_name_character);
  auto const length = static_cast<std::size_t>(end - text.begin());
  return {text.substr(0, length), length};
}

// Values by name, as references see them: the last definition, file variables as their path.
class reference_values {
 public:
  reference_values(std::vector<job_variable> const& list, std::string_view temp_dir)
      : temp_dir_(temp_dir) {
    for (auto const& variable : list) by_name_.insert_or_assign(variable.key, &variable);
  }

  std::string operator()(std::string_view name) const {
    if (name == "$") return "$";
    if (name.size() == 1 && names_of_nothing.find(name) != std::string_view::npos) return {};
    auto const found = by_name_.find(name);
    if (found == by_name_.end()) return {};
    auto const& variable = *found->second;
    return variable.file ? fmt::format("{}/{}", temp_dir_, variable.key) : variable.value;
  }

 private:
  std::string_view temp_dir_;
  std::unordered_map<std::string_view, job_variable const*> by_name_;
};

}  // namespace

std::string expand_references(std::string_view text,
                              std::function<std::string(std::string_view)> const& look_up) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto const dollar = text.find('$', at);
    out += text.substr(at, dollar - at);
    if (dollar == std::string_view::npos) break;
    if (dollar + 1 == text.size()) {
      out += '$';
      break;
    }
    auto const found = reference_after_dollar(text.substr(dollar + 1));
    if (found.length == 0) out += '$';  // before a character that starts no name
    if (!found.name.empty()) out += look_up(found.name);
    at = dollar + 1 + found.length;
  }
  return out;
}

void job_variables::add(std::string key, std::string value) {
  list_.push_back({.key = std::move(key), .value = std::move(value), .internal = true});
}

job_variable const* job_variables::find(std::string_view key) const {
  auto const found = std::find_if(list_.rbegin(), list_.rend(),
                                  [key](job_variable const& one) { return one.key == key; });
  return found == list_.rend() ? nullptr : &*found;
}

std::string job_variables::value(std::string_view key) const {
  auto const* const found = find(key);
  return found ? found->value : std::string();
}

void job_variables::overwrite_first(std::string_view key, std::string value) {
  auto const found = std::ranges::find(list_, key, &job_variable::key);
  if (found == list_.end()) return add(std::string(key), std::move(value));
  found->value = std::move(value);
}

job_variables job_variables::expanded(std::string_view temp_dir) const {
  reference_values const values(list_, temp_dir);
  job_variables out = *this;
  for (auto& variable : out.list_) {
    if (!variable.raw) variable.value = expand_references(variable.value, values);
  }
  return out;
}

std::string job_variables::expand(std::string_view text, std::string_view temp_dir) const {
  return expand_references(text, reference_values(list_, temp_dir));
}

}  // namespace corunner
