#include "runner/pipeline/yaml/node.hpp"

#include <algorithm>

namespace corunner::pipeline::yaml {

node::entry const* node::find_entry(std::string_view key) const {
  auto const found = std::ranges::find(entries, key, &entry::key);
  return found == entries.end() ? nullptr : &*found;
}

node const* node::find(std::string_view key) const {
  entry const* found = find_entry(key);
  return found ? &found->value : nullptr;
}

node* node::find(std::string_view key) {
  auto const found = std::ranges::find(entries, key, &entry::key);
  return found == entries.end() ? nullptr : &found->value;
}

void node::set(entry what) {
  auto const found = std::ranges::find(entries, what.key, &entry::key);
  if (found == entries.end()) {
    entries.push_back(std::move(what));
  } else {
    *found = std::move(what);
  }
}

void node::erase(std::string_view key) {
  std::erase_if(entries, [key](entry const& e) { return e.key == key; });
}

node deep_merge(node base, node const& over) {
  if (!base.is_mapping() || !over.is_mapping()) return over;
  for (node::entry const& e : over.entries) {
    if (node* const mine = base.find(e.key)) {
      node merged = deep_merge(std::move(*mine), e.value);
      base.set({e.key, e.key_where, std::move(merged)});
    } else {
      base.entries.push_back(e);
    }
  }
  return base;
}

std::size_t count_nodes(node const& tree) {
  std::size_t sum = 1;
  for (node const& item : tree.items) sum += count_nodes(item);
  for (node::entry const& e : tree.entries) sum += count_nodes(e.value);
  return sum;
}

}  // namespace corunner::pipeline::yaml
