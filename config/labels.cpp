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

// The causes of what is wrong with each label of one table.
std::vector<std::string> bad_labels(string_map const& labels) {
  std::vector<std::string> causes;
  for (auto const& [key, value] : labels) {
    if (!is_key(key)) {
      causes.push_back(
          fmt::format("invalid label key, doesn't match \"{}\": {}", key_pattern, key));
    } else if (!is_value(value)) {
      causes.push_back(
          fmt::format("invalid label value, doesn't match \"{}\": {}", value_pattern, value));
    }
  }
  return causes;
}

problem bad_table(std::string key, std::string path, std::string text) {
  problem made;
  made.kind = problem_kind::invalid;
  made.key = std::move(key);
  made.path = std::move(path);
  made.text = std::move(text);
  return made;
}

}  // namespace

string_map merged_labels(configuration const& all, runner_entry const& one) {
  auto merged = one.labels.or_empty();
  merged.insert(all.labels.begin(), all.labels.end());
  return merged;
}

std::vector<problem> label_problems(configuration const& all) {
  std::vector<problem> found;
  for (auto const& cause : bad_labels(all.labels)) {
    found.push_back(bad_table("labels", "labels", "validating global labels: " + cause));
  }
  for (std::size_t i = 0; i < all.runners.size(); ++i) {
    runner_entry const& each = all.runners[i];
    auto const add = [&](std::string_view cause) {
      found.push_back(
          bad_table("runners.labels", fmt::format("runners[{}].labels", i),
                    fmt::format("validating runner {}: validating {}", each.name, cause)));
    };
    for (auto const& cause : bad_labels(each.labels.or_empty())) add("labels: " + cause);
    if (all.labels.size() + each.labels.or_empty().size() > most_labels &&
        merged_labels(all, each).size() > most_labels) {
      add(fmt::format("computed labels: exceeded maximum computed labels number of {}",
                      most_labels));
    }
  }
  return found;
}

}  // namespace corunner::config
