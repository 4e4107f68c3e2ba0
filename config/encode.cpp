#include "config/file.hpp"
#include "config/keys.hpp"
#include "config/value_node.hpp"

#include <algorithm>

namespace corunner::config {

namespace {

// Whether all that is in a table is nothing: numbers, too, which stand in any table that is
// written.
bool is_empty(section const& what, open_table* owner) {
  return !owner->other &&
         std::all_of(what.keys.begin(), what.keys.end(), [owner](key const& each) {
           if (each.value) return !value_node(each.value(owner), false);
           if (each.optional || each.list) return each.count(owner) == 0;
           return is_empty(*each.table, each.at(owner, 0));
         });
}

class encoder {
 public:
  node table(section const& what, open_table* owner) {
    node made;
    for (key const& each : what.keys) {
      if (each.value) {
        value(each, what, owner, made);
      } else {
        tables(each, owner, made);
      }
    }
    if (owner->other) {
      made.entries.insert(made.entries.end(), owner->other->begin(), owner->other->end());
    }
    return made;
  }

 private:
  static void value(key const& what, section const& within, open_table* owner, node& into) {
    auto made = value_node(what.value(owner), what.write == writing::always);
    if (!made) return;
    if (what.expands) put_written_form(what, within, owner, *made);
    into.entries.push_back({std::string(what.name), *std::move(made)});
  }

  // A value that came from variables goes back as it was written, unless it was changed since.
  static void put_written_form(key const& what, section const& within, open_table* owner,
                               node& value) {
    auto const* const found = find_expansion(within.expansions(owner), what.name);
    if (found && found->expanded == value.text) value.text = found->written;
  }

  void tables(key const& what, open_table* owner, node& into) {
    node list;
    list.is = node::kind::array;
    for (std::size_t i = 0; i < what.count(owner); ++i) {
      open_table* const one = what.at(owner, i);
      if (what.list) {
        list.items.push_back(table(*what.table, one));
      } else if (what.optional || what.write == writing::always || !is_empty(*what.table, one)) {
        into.entries.push_back({std::string(what.name), table(*what.table, one)});
      }
    }
    if (!list.items.empty()) into.entries.push_back({std::string(what.name), std::move(list)});
  }
};

}  // namespace

std::string encode(configuration const& what) {
  // Encoding does not change it; the accessors are made for both ways.
  return write_toml(encoder().table(configuration_section(), const_cast<configuration*>(&what)));
}

}  // namespace corunner::config
