#include "config/check.hpp"
#include "config/check_periods.hpp"
#include "config/reading.hpp"

#include <algorithm>
#include <set>

namespace corunner::config {

namespace {

// The place of a path, or of the nearest table around it that has one.
position position_of(std::string_view path, positions const& where) {
  while (!path.empty()) {
    if (auto const found = where.find(path); found != where.end()) return found->second;
    auto const cut = path.find_last_of(".[");
    path = path.substr(0, cut == std::string_view::npos ? 0 : cut);
  }
  return {};
}

void append(std::vector<problem>& to, std::vector<problem> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

outcome<reading> inspect(std::string_view text, environment const& variables, positions* where) {
  auto read = decode_all(text, variables, where);
  if (!read) return read.error();
  std::vector<problem> found = refusals(read->values);
  append(found, period_problems(read->values, {variables, host_zone_files().read}));
  append(found, violations(read->values));
  append(found, useless_values(read->values));
  if (found.empty()) {
    sort_problems(read->problems);
    return read;
  }
  // Places cost memory, so most loads go without: the few that need them read once more.
  positions ours;
  if (!where) {
    where = &ours;
    read->problems = std::move(decode_all(text, variables, where)->problems);
  }
  std::set<std::string_view> undecodable;
  for (problem const& each : read->problems) {
    if (each.kind == problem_kind::undecodable) undecodable.insert(each.path);
  }
  // What could not be decoded is not also missing.
  std::erase_if(found, [&](problem const& each) { return undecodable.contains(each.path); });
  for (problem& each : found) each.where = position_of(each.path, *where);
  append(read->problems, std::move(found));
  sort_problems(read->problems);
  return read;
}

}  // namespace corunner::config
