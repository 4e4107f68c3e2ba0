#include "config/file.hpp"
#include "config/expand.hpp"
#include "config/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

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

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

using problem = std::optional<failure>;

problem mismatch(node const& from, std::string_view wanted) {
  return failure{fmt::format("incompatible types: TOML value has type {}; destination has type {}",
                             type_name(from), wanted)};
}

problem take(std::string& into, node const& from) {
  if (from.is != node::kind::string) return mismatch(from, "string");
  into = from.text;
  return std::nullopt;
}

problem take(secret& into, node const& from) {
  std::string text;
  auto const why = take(text, from);
  into = secret(std::move(text));
  return why;
}

problem take(std::int64_t& into, node const& from) {
  if (from.is != node::kind::integer) return mismatch(from, "integer");
  into = from.integer;
  return std::nullopt;
}

problem take(double& into, node const& from) {
  if (from.is == node::kind::integer) {
    into = static_cast<double>(from.integer);
    return std::nullopt;
  }
  if (from.is != node::kind::real) return mismatch(from, "float");
  into = from.real;
  return std::nullopt;
}

problem take(bool& into, node const& from) {
  if (from.is != node::kind::boolean) return mismatch(from, "boolean");
  into = from.boolean;
  return std::nullopt;
}

problem take(duration& into, node const& from) {
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

problem take(std::optional<timestamp>& into, node const& from) {
  if (from.is != node::kind::datetime) return mismatch(from, "time.Time");
  auto const when = parse_timestamp(from.text);
  into = when ? *when : std::optional<timestamp>();
  return std::nullopt;
}

template <class T>
problem take(std::optional<T>& into, node const& from) {
  T value{};
  if (auto why = take(value, from)) return why;
  into = std::move(value);
  return std::nullopt;
}

problem take(std::vector<std::string>& into, node const& from) {
  if (from.is != node::kind::array) return mismatch(from, "slice");
  into.clear();
  for (node const& item : from.items) {
    if (auto why = take(into.emplace_back(), item)) return why;
  }
  return std::nullopt;
}

problem take(one_or_more& into, node const& from) {
  if (from.is != node::kind::string) return take(into.values, from);
  into.values = {from.text};
  return std::nullopt;
}

template <class T>
problem take(std::map<std::string, T>& into, node const& from) {
  if (from.is != node::kind::table) return mismatch(from, "map");
  for (entry const& each : from.entries) {
    if (auto why = take(into[each.key], each.value)) return why;
  }
  return std::nullopt;
}

class decoder {
 public:
  explicit decoder(environment const& variables) : variables_(variables) {}

  problem table(node const& from, section const& what, void* into, std::string const& path);

 private:
  problem one(entry const& from, key const& what, section const& within, void* into,
              std::string const& path);
  problem tables(node const& from, key const& what, void* into, std::string const& path);
  void expand_value(key const& what, section const& within, void* into, std::string const& written);

  environment const& variables_;
};

// The declared key of that name: the exact one, else one that differs in case only.
key const* find_key(section const& within, std::string_view name) {
  for (key const& each : within.keys) {
    if (each.name == name) return &each;
  }
  for (key const& each : within.keys) {
    if (same_in_any_case(each.name, name)) return &each;
  }
  return nullptr;
}

// `why` with the place where it happened, unless it has one already.
failure at_line(failure why, node const& where, std::string const& path) {
  if (why.message.starts_with("toml: line")) return why;
  return {fmt::format("toml: line {} (last key \"{}\"): {}", where.line, path, why.message)};
}

problem decoder::table(node const& from, section const& what, void* into, std::string const& path) {
  if (from.is != node::kind::table) return at_line(*mismatch(from, "table"), from, path);
  for (entry const& each : from.entries) {
    auto const name = path.empty() ? each.key : path + '.' + each.key;
    auto const* const known = find_key(what, each.key);
    if (!known || (!known->value && !known->table)) {
      what.other(into).push_back(each);
      continue;
    }
    if (auto why = one(each, *known, what, into, name)) return at_line(*why, each.value, name);
  }
  return std::nullopt;
}

problem decoder::one(entry const& from, key const& what, section const& within, void* into,
                     std::string const& path) {
  if (what.table) return tables(from.value, what, into, path);
  auto why = std::visit([&](auto* target) { return take(*target, from.value); }, what.value(into));
  if (!why && what.expands) expand_value(what, within, into, from.value.text);
  return why;
}

problem decoder::tables(node const& from, key const& what, void* into, std::string const& path) {
  if (!what.list) return table(from, *what.table, what.add(into), path);
  if (from.is != node::kind::array) return mismatch(from, "slice");
  for (node const& item : from.items) {
    if (auto why = table(item, *what.table, what.add(into), path)) return why;
  }
  return std::nullopt;
}

void decoder::expand_value(key const& what, section const& within, void* into,
                           std::string const& written) {
  auto const expanded = expand(written, variables_);
  if (expanded == written) return;
  within.expansions(into)[std::string(what.name)] = {written, expanded};
  (void)set_from_text(what.value(into), expanded);
}

}  // namespace

outcome<configuration> decode(std::string_view text, environment const& variables) {
  auto const document = parse_toml(text);
  if (!document) return document.error();
  configuration made;
  if (auto const why = decoder(variables).table(*document, configuration_section(), &made, "")) {
    return *why;
  }
  return made;
}

namespace {

void add_names(std::vector<entry> const& entries, std::string const& path,
               std::vector<std::string>& names) {
  for (entry const& each : entries) {
    auto const name = path + each.key;
    names.push_back(name);
    add_names(each.value.entries, name + '.', names);
    for (node const& item : each.value.items) add_names(item.entries, name + '.', names);
  }
}

void add_unknown(section const& what, void* owner, std::string const& path,
                 std::vector<std::string>& names) {
  std::vector<entry> unknown;
  for (entry const& each : what.other(owner)) {
    if (!find_key(what, each.key)) unknown.push_back(each);
  }
  add_names(unknown, path, names);
  for (key const& each : what.keys) {
    if (!each.table) continue;
    for (std::size_t i = 0; i < each.count(owner); ++i) {
      add_unknown(*each.table, each.at(owner, i), path + std::string(each.name) + '.', names);
    }
  }
}

}  // namespace

std::vector<std::string> unknown_keys(configuration const& what) {
  std::vector<std::string> names;
  // Walking does not change it; the accessors are made for both ways.
  add_unknown(configuration_section(), const_cast<configuration*>(&what), "", names);
  return names;
}

}  // namespace corunner::config
