#include "config/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace corunner::config {

namespace {

std::string located(position where, std::string_view file) {
  if (where.line == 0) return std::string(file);
  return fmt::format("{}:{}:{}", file, where.line, where.column);
}

std::string said(problem const& what) {
  switch (what.kind) {
    case problem_kind::unknown:
      return fmt::format("unknown key '{}'{}{}", what.key, what.text.empty() ? "" : ", ",
                         what.text);
    case problem_kind::useless:
    case problem_kind::against_schema: return fmt::format("'{}' {}", what.path, what.text);
    case problem_kind::undecodable:
    case problem_kind::unloadable:
    case problem_kind::invalid: break;
  }
  return what.text;
}

}  // namespace

void sort_problems(std::vector<problem>& all) {
  std::sort(all.begin(), all.end(), [](problem const& a, problem const& b) {
    return std::tie(a.kind, a.where, a.path, a.text) < std::tie(b.kind, b.where, b.path, b.text);
  });
}

std::string describe(problem const& what, std::string_view file) {
  return located(what.where, file) + ": " + said(what);
}

std::vector<std::string> describe_briefly(std::vector<problem> const& all, std::string_view file) {
  std::map<std::string_view, std::size_t> times;
  for (problem const& each : all) {
    if (each.kind == problem_kind::unknown) ++times[each.key];
  }
  std::vector<std::string> lines;
  for (problem const& each : all) {
    if (each.kind != problem_kind::unknown) {
      lines.push_back(describe(each, file));
      continue;
    }
    auto& count = times[each.key];
    if (each.nested || count == 0) continue;
    lines.push_back(describe(each, file));
    if (count > 1) lines.back() += fmt::format(" (the first of {})", count);
    count = 0;
  }
  return lines;
}

}  // namespace corunner::config
