#pragma once

#include "config/config.hpp"
#include "config/field.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace corunner::config {

// The one declaration of each configuration key. A section is the table of the keys of one struct;
// loading, saving, the flags of `register`, lint and the reference page all walk these tables.

// When a key is written by a save: only with a value worth telling, or always.
enum class writing { when_set, always };

// Where a value stands in the struct of its table: the member, so that a key costs no code.
class member {
 public:
  constexpr member() = default;
  template <class Value>
  explicit constexpr member(Value open_table::*where) : where_(where) {}

  explicit constexpr operator bool() const { return where_.index() != 0; }

  // The value in `owner`, which is of the struct that the member belongs to.
  field operator()(open_table* owner) const;

 private:
  template <class>
  struct members;
  template <class... Value>
  struct members<std::variant<Value*...>> {
    using type = std::variant<std::monostate, Value open_table::*...>;
  };

  members<field>::type where_;
};

struct section;

// A key: either a value (`value` is set), or a table or list of tables (`table` is set).
//
// The names of a flag and of a variable that begin with "-" and "_" follow those of the table
// around them: that is how a section serves several tables.
struct key {
  std::string_view name;
  std::string_view doc;
  std::string_view flag;      // names of the flag of `register`, as help shows them; "": none
  std::string_view variable;  // environment variable of that flag
  std::string_view unset;     // what the default means, or what counts where no value is given
  writing write = writing::when_set;
  bool expands = false;       // $VARIABLES in it are expanded at load
  bool deprecated = false;    // and with a table all that is in it
  bool confidential = false;  // may hold a secret, though it is no `secret`: never shown whole
  std::span<std::string_view const>
      choices;  // the values that mean something; empty: any (choices.hpp)

  member value;

  section const* table = nullptr;
  bool list = false;                                             // [[name]]
  bool optional = false;                                         // the table may be absent
  std::size_t (*count)(open_table const* owner) = nullptr;       // tables that are there
  open_table* (*at)(open_table* owner, std::size_t index) = nullptr;  // one that is there
  open_table* (*add)(open_table* owner) = nullptr;  // one more; the one there is, unless a list
};

struct section {
  std::span<key const> keys;
  // Where it keeps the written form of expanded values; null: it has none.
  expansion_map& (*expansions)(open_table* owner) = nullptr;
  // What a table of it must fulfil to be read; null: nothing.
  std::optional<failure> (*check)(open_table const* owner) = nullptr;
};

section const& configuration_section();
section const& runner_section();

// The key of that name in `within`: the exact one, else one that differs in case only; null: none.
key const* find_key(section const& within, std::string_view name);

// The full names of a key's flag and variable; "" where it has none.
struct flag_names {
  std::string flag;
  std::string variable;
};

// `around`: the names of the table that the key is in.
flag_names names_of(key const& what, flag_names const& around);

// Adds the tables in the text of a JSON array to the list of tables `what` of `owner`.
std::optional<failure> set_tables_from_json(key const& what, open_table* owner,
                                            std::string_view json);

// --- How a section is declared ------------------------------------------------------------------

namespace declare {

template <class Owner, class Value>
Owner owner_of(Value Owner::*);
template <class Owner, class Value>
Value value_of(Value Owner::*);

template <auto Member>
using owner = decltype(owner_of(Member));

template <auto Member>
auto& get(open_table* from) {
  return static_cast<owner<Member>*>(from)->*Member;
}
template <auto Member>
auto const& get(open_table const* from) {
  return static_cast<owner<Member> const*>(from)->*Member;
}

// What a key may have besides its name and meaning.
struct extras {
  std::string_view flag = "";
  std::string_view variable = "";
  std::string_view unset = "";
  writing write = writing::when_set;
  bool expands = false;
  bool deprecated = false;
  bool confidential = false;
  std::span<std::string_view const> choices = {};
};

constexpr key named(std::string_view name, std::string_view doc, extras const& more) {
  return {name,         doc,          more.flag,       more.variable,     more.unset,
          more.write,   more.expands, more.deprecated, more.confidential, more.choices};
}

template <auto Member>
constexpr key value(std::string_view name, std::string_view doc, extras more = {}) {
  key made = named(name, doc, more);
  made.value = member(static_cast<decltype(value_of(Member)) open_table::*>(Member));
  return made;
}

// A table that is always there: a plain struct member.
template <auto Member>
constexpr key table(std::string_view name, std::string_view doc, section const& of,
                    extras more = {}) {
  key made = named(name, doc, more);
  made.table = &of;
  made.count = [](open_table const*) -> std::size_t { return 1; };
  made.at = [](open_table* from, std::size_t) -> open_table* { return &get<Member>(from); };
  made.add = [](open_table* from) -> open_table* { return &get<Member>(from); };
  return made;
}

// A table that may be absent: an optional or boxed struct. Present, it is written even when empty.
template <auto Member>
constexpr key optional_table(std::string_view name, std::string_view doc, section const& of,
                             extras more = {}) {
  key made = named(name, doc, more);
  made.table = &of;
  made.optional = true;
  made.count = [](open_table const* from) -> std::size_t { return get<Member>(from) ? 1 : 0; };
  made.at = [](open_table* from, std::size_t) -> open_table* { return &*get<Member>(from); };
  made.add = [](open_table* from) -> open_table* {
    auto& there = get<Member>(from);
    return there ? &*there : &there.emplace();
  };
  return made;
}

// [[name]]: a vector of structs.
template <auto Member>
constexpr key table_list(std::string_view name, std::string_view doc, section const& of,
                         extras more = {}) {
  key made = named(name, doc, more);
  made.table = &of;
  made.list = true;
  made.count = [](open_table const* from) { return get<Member>(from).size(); };
  made.at = [](open_table* from, std::size_t index) -> open_table* {
    return &get<Member>(from)[index];
  };
  made.add = [](open_table* from) -> open_table* { return &get<Member>(from).emplace_back(); };
  return made;
}

}  // namespace declare

}  // namespace corunner::config
