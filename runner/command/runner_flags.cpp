#include "runner/command/runner_flags.hpp"

#include "config/keys.hpp"

#include <algorithm>

namespace corunner {

namespace {

bool has_flags(config::section const& what) {
  return std::any_of(what.keys.begin(), what.keys.end(), [](config::key const& each) {
    return !each.flag.empty() || (each.table && !each.list && has_flags(*each.table));
  });
}

void add_flags(config::section const& what, void* owner, std::vector<flag>& flags) {
  for (config::key const& each : what.keys) {
    if (each.value && !each.flag.empty()) {
      flags.push_back({each.flag, each.value(owner), each.doc, each.variable});
    } else if (each.table && !each.list && has_flags(*each.table)) {
      add_flags(*each.table, each.add(owner), flags);
    }
  }
}

}  // namespace

std::vector<flag> runner_flags(config::runner_entry& entry) {
  std::vector<flag> flags;
  add_flags(config::runner_section(), &entry, flags);
  return flags;
}

}  // namespace corunner
