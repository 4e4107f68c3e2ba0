#include "runner/pipeline/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace corunner::pipeline {

std::string to_string(diagnostic const& what) {
  std::string out = what.file;
  if (what.where.line > 0) out += fmt::format(":{}:{}", what.where.line, what.where.column);
  if (!out.empty()) out += ": ";
  if (!what.path.empty()) out += what.path + " ";
  return out + what.text;
}

std::string to_string(std::vector<diagnostic> const& list) {
  std::string out;
  for (diagnostic const& d : list) out += to_string(d) + "\n";
  return out;
}

void diagnostics::add(std::string_view file, position where, std::string path, std::string text) {
  list_.push_back({std::string(file), where, std::move(path), std::move(text)});
}

std::vector<diagnostic> diagnostics::take() {
  // A default that is wrong is met again in every job that takes it: one report is enough.
  auto const same = [](diagnostic const& a, diagnostic const& b) {
    return a.file == b.file && a.where == b.where && a.text == b.text;
  };
  std::vector<diagnostic> out;
  for (diagnostic& d : list_) {
    bool const known = d.where.line > 0 && std::ranges::any_of(out, [&](diagnostic const& o) {
      return same(o, d);
    });
    if (!known) out.push_back(std::move(d));
  }
  list_.clear();
  // Insertion keeps the order in which messages about one place were added; lists are short.
  std::vector<diagnostic> sorted;
  for (diagnostic& d : out) {
    auto const place = std::ranges::upper_bound(sorted, std::tie(d.file, d.where), {}, [](auto& o) {
      return std::tie(o.file, o.where);
    });
    sorted.insert(place, std::move(d));
  }
  return sorted;
}

}  // namespace corunner::pipeline
