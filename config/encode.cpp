#include "config/file.hpp"
#include "config/keys.hpp"

#include <algorithm>

namespace corunner::config {

namespace {

// The node of a value; nothing when there is none to write. `always` writes empty ones, too.
std::optional<node> node_of(std::string const& value, bool always) {
  if (value.empty() && !always) return std::nullopt;
  return node::of(std::string_view(value));
}

std::optional<node> node_of(secret const& value, bool always) {
  return node_of(value.reveal(), always);
}

std::optional<node> node_of(std::int64_t value, bool always) {
  if (value == 0 && !always) return std::nullopt;
  return node::of(value);
}

std::optional<node> node_of(double value, bool always) {
  if (value == 0 && !always) return std::nullopt;
  return node::of(value);
}

std::optional<node> node_of(bool value, bool always) {
  if (!value && !always) return std::nullopt;
  return node::of(value);
}

std::optional<node> node_of(duration value, bool always) {
  if (value == duration::zero() && !always) return std::nullopt;
  return node::of(std::string_view(format_duration(value)));
}

std::optional<node> node_of(std::optional<timestamp> const& value, bool) {
  node made;
  made.is = node::kind::datetime;
  made.text = format_timestamp(value);
  return made;
}

template <class T>
std::optional<node> node_of(std::optional<T> const& value, bool) {
  if (!value) return std::nullopt;
  return node_of(*value, true);
}

std::optional<node> node_of(std::vector<std::string> const& value, bool always) {
  if (value.empty() && !always) return std::nullopt;
  node made;
  made.is = node::kind::array;
  for (auto const& item : value) made.items.push_back(node::of(std::string_view(item)));
  return made;
}

std::optional<node> node_of(one_or_more const& value, bool always) {
  return node_of(value.values, always);
}

template <class T>
std::optional<node> node_of(std::map<std::string, T> const& value, bool always) {
  if (value.empty() && !always) return std::nullopt;
  node made;
  for (auto const& [name, member] : value) made.entries.push_back({name, *node_of(member, true)});
  return made;
}

template <class T>
std::optional<node> node_of(std::vector<T> const& value, bool always) {
  if (value.empty() && !always) return std::nullopt;
  node made;
  made.is = node::kind::array;
  for (T const item : value) made.items.push_back(node::of(item));
  return made;
}

// As every map: by name, at each level.
void sort_by_name(node& table) {
  std::sort(table.entries.begin(), table.entries.end(),
            [](entry const& a, entry const& b) { return a.key < b.key; });
  for (entry& each : table.entries) sort_by_name(each.value);
  for (node& item : table.items) sort_by_name(item);
}

std::optional<node> node_of(free_table const& value, bool always) {
  if (value.entries.empty() && !always) return std::nullopt;
  node made;
  made.entries = value.entries;
  sort_by_name(made);
  return made;
}

std::optional<node> value_node(key const& what, open_table* owner, bool always) {
  return std::visit([&](auto* from) { return node_of(*from, always); }, what.value(owner));
}

// Whether all that is in a table is nothing: numbers, too, which stand in any table that is written.
bool is_empty(section const& what, open_table* owner) {
  return owner->other.empty() &&
         std::all_of(what.keys.begin(), what.keys.end(), [owner](key const& each) {
           if (each.value) return !value_node(each, owner, false);
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
    made.entries.insert(made.entries.end(), owner->other.begin(), owner->other.end());
    return made;
  }

 private:
  static void value(key const& what, section const& within, open_table* owner, node& into) {
    auto made = value_node(what, owner, what.write == writing::always);
    if (!made) return;
    if (what.expands) put_written_form(what, within, owner, *made);
    into.entries.push_back({std::string(what.name), *std::move(made)});
  }

  // A value that came from variables goes back as it was written, unless it was changed since.
  static void put_written_form(key const& what, section const& within, open_table* owner,
                               node& value) {
    auto const& known = within.expansions(owner);
    auto const found = known.find(std::string(what.name));
    if (found != known.end() && found->second.expanded == value.text) value.text = found->second.written;
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
