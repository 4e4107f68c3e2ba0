#include "config/value_node.hpp"

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
std::optional<node> node_of(boxed<T> const& value, bool always) {
  return node_of(value.or_empty(), always);
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

}  // namespace

std::optional<node> value_node(field const& value, bool always) {
  return std::visit([&](auto* from) { return node_of(*from, always); }, value);
}

}  // namespace corunner::config
