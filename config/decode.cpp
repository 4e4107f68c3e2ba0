#include "config/decode_table.hpp"
#include "config/expand.hpp"
#include "config/pieces.hpp"
#include "config/reading.hpp"
#include "config/suggest.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

namespace corunner::config {

namespace {

// Names as GitLab Runner's messages have them.
std::string_view type_name(node const& value) {
  switch (value.is) {
    case node::kind::string: return "string";
    case node::kind::integer: return "int64";
    case node::kind::real: return "float64";
    case node::kind::boolean: return "bool";
    case node::kind::datetime: return "time.Time";
    case node::kind::array: return "array";
    case node::kind::table: return "table";
  }
  return "";
}

// Why a value cannot be taken; nothing: it was.
using refusal = std::optional<failure>;

refusal mismatch(node const& from, std::string_view wanted) {
  return failure{fmt::format("incompatible types: TOML value has type {}; destination has type {}",
                             type_name(from), wanted)};
}

refusal take(std::string& into, node&& from) {
  if (from.is != node::kind::string) return mismatch(from, "string");
  into = std::move(from.text);
  return std::nullopt;
}

refusal take(boxed_text& into, node&& from) {
  if (from.is != node::kind::string) return mismatch(from, "string");
  into = std::move(from.text);
  return std::nullopt;
}

refusal take(secret& into, node&& from) {
  std::string text;
  auto const why = take(text, std::move(from));
  into = secret(std::move(text));
  return why;
}

refusal take(std::int64_t& into, node&& from) {
  if (from.is != node::kind::integer) return mismatch(from, "integer");
  into = from.integer;
  return std::nullopt;
}

refusal take(double& into, node&& from) {
  if (from.is == node::kind::integer) {
    into = static_cast<double>(from.integer);
    return std::nullopt;
  }
  if (from.is != node::kind::real) return mismatch(from, "float");
  into = from.real;
  return std::nullopt;
}

refusal take(bool& into, node&& from) {
  if (from.is != node::kind::boolean) return mismatch(from, "boolean");
  into = from.boolean;
  return std::nullopt;
}

refusal take(duration& into, node&& from) {
  if (from.is == node::kind::integer) {
    into = duration(from.integer);
    return std::nullopt;
  }
  if (from.is != node::kind::string) return mismatch(from, "integer");
  auto const length = parse_duration(from.text);
  if (!length) return length.error();
  into = *length;
  return std::nullopt;
}

refusal take(std::optional<timestamp>& into, node&& from) {
  if (from.is != node::kind::datetime) return mismatch(from, "time.Time");
  auto const when = parse_timestamp(from.text);
  into = when ? *when : std::optional<timestamp>();
  return std::nullopt;
}

template <class T>
refusal take(std::optional<T>& into, node&& from) {
  T value{};
  if (auto why = take(value, std::move(from))) return why;
  into = std::move(value);
  return std::nullopt;
}

template <class T>
refusal take(std::vector<T>& into, node&& from) {
  if (from.is != node::kind::array) return mismatch(from, "slice");
  into.clear();
  into.reserve(from.items.size());
  for (node& item : from.items) {
    if (auto why = take(into.emplace_back(), std::move(item))) return why;
  }
  return std::nullopt;
}

refusal take(one_or_more& into, node&& from) {
  if (from.is != node::kind::string) return take(into.values, std::move(from));
  into.values = {std::move(from.text)};
  return std::nullopt;
}

template <class T>
refusal take(std::map<std::string, T>& into, node&& from) {
  if (from.is != node::kind::table) return mismatch(from, "map");
  for (entry& each : from.entries) {
    if (auto why = take(into[std::move(each.key)], std::move(each.value))) return why;
  }
  return std::nullopt;
}

// An empty one is none.
template <class T>
refusal take(boxed<T>& into, node&& from) {
  T value = into.or_empty();
  if (auto why = take(value, std::move(from))) return why;
  if (!value.empty()) into = std::move(value);
  return std::nullopt;
}

refusal take(free_table& into, node&& from) {
  if (from.is != node::kind::table) return mismatch(from, "map");
  into.entries = std::move(from.entries);
  return std::nullopt;
}

// A key on the way down the tables: as a person says it, and with the indexes of list entries.
struct location {
  std::string name;
  std::string path;  // kept up only when places are wanted, else empty

  static std::string join(std::string const& left, std::string_view right) {
    return left.empty() ? std::string(right) : fmt::format("{}.{}", left, right);
  }
};

class decoder {
 public:
  decoder(environment const& variables, std::vector<problem>& problems, positions* where)
      : variables_(variables), problems_(problems), where_(where) {}

  void table(node& from, section const& what, open_table* into, location const& at);
  void tables(node& from, key const& what, open_table* into, location const& at);

 private:
  void known(entry& from, key const& what, section const& within, open_table* into,
             location const& at);
  void value(entry& from, key const& what, section const& within, open_table* into,
             location const& at);
  void unknown(entry& from, section const& within, open_table* into, location const& at);
  void unknown_below(node const& from, location const& at);
  void expand_value(key const& what, section const& within, open_table* into,
                    std::string const& written);
  void refuse(node const& from, location const& at, std::string const& cause);
  std::string const& hint(std::string_view name, section const& within);
  location below(location const& at, std::string_view name) const;

  environment const& variables_;
  std::vector<problem>& problems_;
  positions* where_;
  std::map<std::pair<section const*, std::string>, std::string> hints_;
};

position position_of(node const& from) { return {from.line, from.column}; }

location decoder::below(location const& at, std::string_view name) const {
  return {location::join(at.name, name), where_ ? location::join(at.path, name) : ""};
}

void decoder::refuse(node const& from, location const& at, std::string const& cause) {
  problem made;
  made.kind = problem_kind::undecodable;
  made.where = position_of(from);
  made.key = at.name;
  made.path = at.path;
  made.text = fmt::format("toml: line {} (last key \"{}\"): {}", from.line, at.name, cause);
  problems_.push_back(std::move(made));
}

void decoder::table(node& from, section const& what, open_table* into, location const& at) {
  if (from.is != node::kind::table) return refuse(from, at, mismatch(from, "table")->message);
  for (entry& each : from.entries) {
    auto const* const key = find_key(what, each.key);
    if (key) {
      // Under the name that we would write, so that the place is found whatever the case.
      known(each, *key, what, into, {location::join(at.name, each.key),
                                     where_ ? location::join(at.path, key->name) : ""});
    } else {
      unknown(each, what, into, below(at, each.key));
    }
  }
  auto const why = what.check ? what.check(into) : std::nullopt;
  if (why) refuse(from, at, why->message);
}

void decoder::known(entry& from, key const& what, section const& within, open_table* into,
                    location const& at) {
  if (where_) where_->emplace(at.path, position_of(from.value));
  if (what.table) return tables(from.value, what, into, at);
  value(from, what, within, into, at);
}

void decoder::value(entry& from, key const& what, section const& within, open_table* into,
                    location const& at) {
  auto const written = what.expands ? from.value.text : std::string();
  auto const why = std::visit([&](auto* target) { return take(*target, std::move(from.value)); },
                              what.value(into));
  if (why) return refuse(from.value, at, why->message);
  if (what.expands) expand_value(what, within, into, written);
}

void decoder::tables(node& from, key const& what, open_table* into, location const& at) {
  if (!what.list) return table(from, *what.table, what.add(into), at);
  if (from.is != node::kind::array) return refuse(from, at, mismatch(from, "slice")->message);
  for (std::size_t i = 0; i < from.items.size(); ++i) {
    auto const index = what.count(into);
    auto const one = location{at.name, where_ ? fmt::format("{}[{}]", at.path, index) : ""};
    if (where_) where_->emplace(one.path, position_of(from.items[i]));
    table(from.items[i], *what.table, what.add(into), one);
  }
}

std::string const& decoder::hint(std::string_view name, section const& within) {
  auto const [at, made] = hints_.try_emplace({&within, std::string(name)});
  if (made) at->second = hint_for(name, within);
  return at->second;
}

void decoder::unknown(entry& from, section const& within, open_table* into, location const& at) {
  problem made;
  made.where = position_of(from.value);
  made.key = at.name;
  made.path = at.path;
  made.text = hint(from.key, within);
  problems_.push_back(std::move(made));
  unknown_below(from.value, at);
  into->other.or_emplace().push_back(std::move(from));
}

void decoder::unknown_below(node const& from, location const& at) {
  for (entry const& each : from.entries) {
    problem made;
    made.where = position_of(each.value);
    made.key = location::join(at.name, each.key);
    made.nested = true;
    problems_.push_back(made);
    unknown_below(each.value, {made.key, ""});
  }
  for (node const& item : from.items) unknown_below(item, at);
}

void decoder::expand_value(key const& what, section const& within, open_table* into,
                           std::string const& written) {
  auto const expanded = expand(written, variables_);
  if (expanded == written) return;
  within.expansions(into).or_emplace()[std::string(what.name)] = {written, expanded};
  (void)set_from_text(what.value(into), expanded);
}

// Decodes a text in pieces. Nothing when they are not independent of one another, or one of them is
// no TOML: the whole will tell. A cut in the middle of a text or a list leaves such a piece, and so
// it needs no understanding of the lines in between.
std::optional<reading> decode_pieces(std::string_view text, environment const& variables,
                                     positions* where) {
  auto const [pieces, entries] = cut(text);
  if (pieces.size() < 3) return std::nullopt;
  reading made;
  made.values.runners.reserve(entries);
  decoder into(variables, made.problems, where);
  std::set<std::string> tables;
  for (piece const& each : pieces) {
    auto document = parse_toml(each.text, each.first_line);
    if (!document) return std::nullopt;
    for (entry const& top : document->entries) {
      // A table may be told once; what stands before the first entry may not begin the list.
      bool const list = top.key == "runners" && top.value.is == node::kind::array;
      bool const again = list ? &each == &pieces.front() : !tables.insert(top.key).second;
      if (again || (!list && top.key == "runners")) return std::nullopt;
    }
    into.table(*document, configuration_section(), &made.values, {});
  }
  return made;
}

}  // namespace

outcome<reading> decode_all(std::string_view text, environment const& variables, positions* where) {
  if (auto made = decode_pieces(text, variables, where)) return *std::move(made);
  if (where) where->clear();
  auto document = parse_toml(text);
  if (!document) return document.error();
  reading made;
  decoder(variables, made.problems, where)
      .table(*document, configuration_section(), &made.values, {});
  return made;
}

std::optional<failure> decode_tables(node from, key const& what, open_table* owner) {
  environment const none = [](std::string_view) { return std::nullopt; };
  std::vector<problem> problems;
  decoder(none, problems, nullptr).tables(from, what, owner, {std::string(what.name), ""});
  for (problem const& each : problems) {
    if (each.kind == problem_kind::undecodable) return failure{each.text};
  }
  return std::nullopt;
}

outcome<configuration> decode(std::string_view text, environment const& variables) {
  auto read = decode_all(text, variables);
  if (!read) return read.error();
  for (problem const& each : read->problems) {
    if (each.kind == problem_kind::undecodable) return failure{each.text};
  }
  return std::move(read->values);
}

}  // namespace corunner::config
