#include "config/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace corunner::config {

namespace {

// Keys that documentation has and the program has not.
struct renamed {
  std::string_view name;
  std::string_view hint;
};
constexpr std::array renamed_keys{
    renamed{"metric_queries", "it is called 'queries'"},
    renamed{"terminationGracePeriodSeconds",
            "use 'pod_termination_grace_period_seconds' and 'cleanup_grace_period_seconds'"},
};

char folded(char c) {
  return c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Edits from a to b, where two neighbours that changed places are one edit.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      bool const same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      bool const swapped = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                           folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

std::string heading(std::string_view path, bool list) {
  if (path.empty()) return "the top of the file, before the first table";
  return list ? fmt::format("[[{}]]", path) : fmt::format("[{}]", path);
}

// The tables below `within` (called `path`) that have a key of exactly that name.
void find_homes(std::string_view name, section const& within, std::string const& path, bool list,
                std::vector<std::string>& homes) {
  for (key const& each : within.keys) {
    if (each.name == name) homes.push_back(heading(path, list));
  }
  for (key const& each : within.keys) {
    if (!each.table) continue;
    auto const below =
        path.empty() ? std::string(each.name) : fmt::format("{}.{}", path, each.name);
    find_homes(name, *each.table, below, each.list, homes);
  }
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<std::string_view const> names) {
  constexpr std::size_t longest = 64;  // no key is longer; what is costs time only
  if (word.size() > longest) return std::nullopt;
  std::optional<std::string_view> best;
  auto least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (auto const each : names) {
    auto const far = distance(word, each);
    // A word of which nothing is left is another word.
    if (far >= least || far >= std::max(word.size(), each.size())) continue;
    least = far;
    best = each;
  }
  return best;
}

std::string hint_for(std::string_view name, section const& within) {
  for (auto const& each : renamed_keys) {
    if (each.name == name) return std::string(each.hint);
  }
  std::vector<std::string_view> names;
  for (key const& each : within.keys) names.push_back(each.name);
  auto const near = nearest(name, names);
  if (near && distance(name, *near) == 1) return fmt::format("did you mean '{}'?", *near);
  std::vector<std::string> homes;
  find_homes(name, configuration_section(), "", false, homes);
  constexpr std::size_t most_homes = 3;
  if (!homes.empty() && homes.size() <= most_homes) {
    return fmt::format("it belongs to {}", fmt::join(homes, " or "));
  }
  return near ? fmt::format("did you mean '{}'?", *near) : "";
}

}  // namespace corunner::config
