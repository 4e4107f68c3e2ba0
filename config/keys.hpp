#pragma once

#include "config/config.hpp"
#include "config/field.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace corunner::config {

// The one declaration of each configuration key. A section is the table of the keys of one struct;
// loading, saving, the flags of `register`, lint and the reference page all walk these tables.

// When a key is written by a save: only with a value worth telling, or always.
enum class writing { when_set, always };

struct section;

// A key. Either a value (`value` is set), or a table or list of tables (`table` is set), or a table
// that is known but has no struct yet (neither): that one is kept as it is.
struct key {
  std::string_view name;
  std::string_view doc;
  std::string_view flag;      // names of the flag of `register`, as help shows them; "": none
  std::string_view variable;  // environment variable of that flag
  writing write = writing::when_set;
  bool expands = false;       // $VARIABLES in it are expanded at load

  field (*value)(void* owner) = nullptr;

  section const* table = nullptr;
  bool list = false;                                        // [[name]]
  std::size_t (*count)(void const* owner) = nullptr;        // tables that are there
  void* (*at)(void* owner, std::size_t index) = nullptr;    // one that is there
  void* (*add)(void* owner) = nullptr;                      // one more; the one there is, unless a list
};

struct section {
  std::span<key const> keys;
  // Where the struct keeps what it does not know.
  std::vector<entry>& (*other)(void* owner);
  // Where it keeps the written form of expanded values; null: it has none.
  std::map<std::string, expansion>& (*expansions)(void* owner) = nullptr;
};

section const& configuration_section();
section const& runner_section();

// The key of that name in `within`: the exact one, else one that differs in case only; null: none.
key const* find_key(section const& within, std::string_view name);

// --- How a section is declared ------------------------------------------------------------------

namespace declare {

template <class Owner, class Value>
Owner owner_of(Value Owner::*);
template <class Owner, class Value>
Value value_of(Value Owner::*);

template <auto Member>
using owner = decltype(owner_of(Member));

template <auto Member>
decltype(auto) get(void* from) {
  return static_cast<owner<Member>*>(from)->*Member;
}

// What a key may have besides its name and meaning.
struct extras {
  std::string_view flag = "";
  std::string_view variable = "";
  writing write = writing::when_set;
  bool expands = false;
};

template <auto Member>
constexpr key value(std::string_view name, std::string_view doc, extras more = {}) {
  key made{name, doc, more.flag, more.variable, more.write, more.expands};
  made.value = [](void* from) -> field { return &get<Member>(from); };
  return made;
}

// A table that is always there: a plain struct member.
template <auto Member>
constexpr key table(std::string_view name, std::string_view doc, section const& of,
                    writing write = writing::when_set) {
  key made{name, doc, "", "", write};
  made.table = &of;
  made.count = [](void const*) -> std::size_t { return 1; };
  made.at = [](void* from, std::size_t) -> void* { return &get<Member>(from); };
  made.add = [](void* from) -> void* { return &get<Member>(from); };
  return made;
}

// A table that may be absent: an optional struct. Present, it is written even when empty.
template <auto Member>
constexpr key optional_table(std::string_view name, std::string_view doc, section const& of) {
  key made{name, doc, "", "", writing::always};
  made.table = &of;
  made.count = [](void const* from) -> std::size_t {
    return get<Member>(const_cast<void*>(from)).has_value() ? 1 : 0;
  };
  made.at = [](void* from, std::size_t) -> void* { return &*get<Member>(from); };
  made.add = [](void* from) -> void* {
    auto& there = get<Member>(from);
    if (!there) there.emplace();
    return &*there;
  };
  return made;
}

// [[name]]: a vector of structs.
template <auto Member>
constexpr key table_list(std::string_view name, std::string_view doc, section const& of) {
  key made{name, doc, "", "", writing::always};
  made.table = &of;
  made.list = true;
  made.count = [](void const* from) { return get<Member>(const_cast<void*>(from)).size(); };
  made.at = [](void* from, std::size_t index) -> void* { return &get<Member>(from)[index]; };
  made.add = [](void* from) -> void* { return &get<Member>(from).emplace_back(); };
  return made;
}

// A table that this version has no struct for.
constexpr key opaque(std::string_view name, std::string_view doc) { return key{name, doc}; }

template <class Owner>
std::vector<entry>& other(void* from) {
  return static_cast<Owner*>(from)->other;
}

}  // namespace declare

}  // namespace corunner::config
