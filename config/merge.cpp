#include "config/merge.hpp"

#include "config/keys.hpp"

namespace corunner::config {

namespace {

bool is_empty(std::string const& value) { return value.empty(); }
bool is_empty(secret const& value) { return value.empty(); }
bool is_empty(std::int64_t value) { return value == 0; }
bool is_empty(double value) { return value == 0; }
bool is_empty(bool value) { return !value; }
bool is_empty(duration value) { return value == duration::zero(); }
bool is_empty(one_or_more const& value) { return value.values.empty(); }
template <class T>
bool is_empty(std::vector<T> const& value) {
  return value.empty();
}

template <class T>
void fill(T& into, T const& from) {
  if (is_empty(into)) into = from;
}

// Times are facts of one registration.
void fill(std::optional<timestamp>&, std::optional<timestamp> const&) {}

// One that is there but says nothing is filled, too.
template <class T>
void fill(std::optional<T>& into, std::optional<T> const& from) {
  if (from && (!into || is_empty(*into))) into = from;
}

template <class T>
void fill(std::map<std::string, T>& into, std::map<std::string, T> const& from) {
  for (auto const& [key, value] : from) fill(into[key], value);
}

template <class T>
void fill(boxed<T>& into, boxed<T> const& from) {
  if (from) fill(into.or_emplace(), *from);
}

void fill_other(std::vector<entry>& into, std::vector<entry> const& from) {
  for (entry const& each : from) {
    bool const known = std::any_of(into.begin(), into.end(),
                                   [&](entry const& have) { return have.key == each.key; });
    if (!known) into.push_back(each);
  }
}

void fill(free_table& into, free_table const& from) { fill_other(into.entries, from.entries); }

// Both are structs of the section `what`; a table list is taken over entry by entry, if at all.
void merge_table(section const& what, open_table* into, open_table* from) {
  for (key const& each : what.keys) {
    if (each.value) {
      auto const source = each.value(from);
      std::visit(
          [&](auto* target) { fill(*target, *std::get<decltype(target)>(source)); },
          each.value(into));
      continue;
    }
    if (each.list && each.count(into) > 0) continue;
    for (std::size_t i = 0; i < each.count(from); ++i) {
      merge_table(*each.table, each.add(into), each.at(from, i));
    }
  }
  if (from->other) fill_other(into->other.or_emplace(), *from->other);
}

}  // namespace

void merge_template(runner_entry& entry, runner_entry const& from) {
  auto token = entry.token;
  // Merging does not change what it takes from; the accessors are made for both ways.
  merge_table(runner_section(), &entry, const_cast<runner_entry*>(&from));
  entry.token = std::move(token);
}

}  // namespace corunner::config
