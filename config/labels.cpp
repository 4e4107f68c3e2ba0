#include "config/labels.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::config {

namespace {

constexpr std::string_view key_pattern = "^[a-zA-Z0-9_][a-zA-Z0-9._-]{2,64}$";
constexpr std::string_view value_pattern = "^[a-zA-Z0-9._-]{1,256}$";
constexpr std::size_t most_labels = 32;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_label(char c) { return is_word(c) || c == '.' || c == '-'; }

bool is_key(std::string_view text) {
  return text.size() >= 3 && text.size() <= 65 && is_word(text.front()) &&
         std::all_of(text.begin(), text.end(), is_label);
}

bool is_value(std::string_view text) {
  return !text.empty() && text.size() <= 256 && std::all_of(text.begin(), text.end(), is_label);
}

std::optional<failure> check(string_map const& labels) {
  for (auto const& [key, value] : labels) {
    if (!is_key(key)) {
      return failure{fmt::format("invalid label key, doesn't match \"{}\": {}", key_pattern, key)};
    }
    if (!is_value(value)) {
      return failure{
          fmt::format("invalid label value, doesn't match \"{}\": {}", value_pattern, value)};
    }
  }
  return std::nullopt;
}

}  // namespace

string_map merged_labels(configuration const& all, runner_entry const& one) {
  auto merged = one.labels;
  merged.insert(all.labels.begin(), all.labels.end());
  return merged;
}

std::optional<failure> check_labels(configuration const& all) {
  if (auto const why = check(all.labels)) {
    return failure{"validating global labels: " + why->message};
  }
  for (runner_entry const& each : all.runners) {
    auto const prefix = fmt::format("validating runner {}: ", each.name);
    if (auto const why = check(each.labels)) {
      return failure{prefix + "validating labels: " + why->message};
    }
    if (merged_labels(all, each).size() > most_labels) {
      return failure{prefix + fmt::format("validating computed labels: exceeded maximum computed "
                                          "labels number of {}", most_labels)};
    }
  }
  return std::nullopt;
}

}  // namespace corunner::config
