#include "config/file.hpp"
#include "config/keys.hpp"

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

class encoder {
 public:
  node table(section const& what, void* owner) {
    node made;
    auto& other = what.other(owner);
    std::vector<bool> written(other.size(), false);
    for (key const& each : what.keys) {
      if (each.value) {
        value(each, what, owner, made);
      } else if (each.table) {
        tables(each, owner, made);
      } else {
        opaque(each, other, written, made);
      }
    }
    for (std::size_t i = 0; i < other.size(); ++i) {
      if (!written[i]) made.entries.push_back(other[i]);
    }
    return made;
  }

 private:
  static void value(key const& what, section const& within, void* owner, node& into) {
    auto made = std::visit(
        [&](auto* from) { return node_of(*from, what.write == writing::always); }, what.value(owner));
    if (!made) return;
    if (what.expands) put_written_form(what, within, owner, *made);
    into.entries.push_back({std::string(what.name), *std::move(made)});
  }

  // A value that came from variables goes back as it was written, unless it was changed since.
  static void put_written_form(key const& what, section const& within, void* owner, node& value) {
    auto const& known = within.expansions(owner);
    auto const found = known.find(std::string(what.name));
    if (found != known.end() && found->second.expanded == value.text) value.text = found->second.written;
  }

  void tables(key const& what, void* owner, node& into) {
    node list;
    list.is = node::kind::array;
    for (std::size_t i = 0; i < what.count(owner); ++i) {
      auto made = table(*what.table, what.at(owner, i));
      if (what.list) {
        list.items.push_back(std::move(made));
      } else if (!made.entries.empty() || what.write == writing::always) {
        into.entries.push_back({std::string(what.name), std::move(made)});
      }
    }
    if (!list.items.empty()) into.entries.push_back({std::string(what.name), std::move(list)});
  }

  static void opaque(key const& what, std::vector<entry> const& other, std::vector<bool>& written,
                     node& into) {
    for (std::size_t i = 0; i < other.size(); ++i) {
      if (other[i].key != what.name) continue;
      into.entries.push_back(other[i]);
      written[i] = true;
    }
  }
};

}  // namespace

std::string encode(configuration const& what) {
  // Encoding does not change it; the accessors are made for both ways.
  return write_toml(encoder().table(configuration_section(), const_cast<configuration*>(&what)));
}

}  // namespace corunner::config
