#include "test/config/key_walk.hpp"

namespace corunner::test {

namespace {

void walk(config::section const& within, walked_key const& around, std::vector<walked_key>& found) {
  for (config::key const& each : within.keys) {
    walked_key here = around;
    here.what = &each;
    here.within = &within;
    here.names = config::names_of(each, around.names);
    here.deprecated = around.deprecated || each.deprecated;
    found.push_back(here);
    if (!each.table) continue;
    here.tables.push_back(&each);
    walk(*each.table, here, found);
  }
}

}  // namespace

std::string walked_key::section() const {
  std::string name;
  for (config::key const* const each : tables) {
    if (!name.empty()) name += '.';
    name += each->name;
  }
  return name;
}

std::vector<walked_key> walk_keys() {
  std::vector<walked_key> found;
  walk(config::configuration_section(), {}, found);
  return found;
}

config::field field_of(walked_key const& key, config::configuration& values) {
  config::open_table* owner = &values;
  for (config::key const* const each : key.tables) owner = each->at(owner, 0);
  return key.what->value(owner);
}

}  // namespace corunner::test
