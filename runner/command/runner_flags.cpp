#include "runner/command/runner_flags.hpp"

#include "config/keys.hpp"

#include <algorithm>

namespace corunner {

namespace {

bool has_flags(config::section const& what) {
  return std::any_of(what.keys.begin(), what.keys.end(), [](config::key const& each) {
    bool const own = !each.flag.empty() && (each.value || each.list);
    return own || (each.table && !each.list && has_flags(*each.table));
  });
}

flag table_list_flag(config::key const& what, config::open_table* owner, config::flag_names names) {
  flag made{std::move(names.flag), {}, what.doc, std::move(names.variable)};
  made.take = [&what, owner](std::string_view json) {
    return config::set_tables_from_json(what, owner, json);
  };
  return made;
}

void add_flags(config::section const& what, config::open_table* owner,
               config::flag_names const& around, std::vector<flag>& flags) {
  for (config::key const& each : what.keys) {
    auto names = config::names_of(each, around);
    if (each.table && !each.list) {
      if (has_flags(*each.table)) add_flags(*each.table, each.add(owner), names, flags);
    } else if (each.list && !names.flag.empty()) {
      flags.push_back(table_list_flag(each, owner, std::move(names)));
    } else if (!names.flag.empty()) {
      flags.push_back({std::move(names.flag), each.value(owner), each.doc,
                       std::move(names.variable), "value", nullptr, each.choices});
    }
  }
}

}  // namespace

std::vector<flag> runner_flags(config::runner_entry& entry) {
  std::vector<flag> flags;
  add_flags(config::runner_section(), &entry, {}, flags);
  return flags;
}

}  // namespace corunner
