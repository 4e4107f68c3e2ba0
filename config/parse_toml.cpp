// Header-only, whatever the package was built as.
#define TOML_EXCEPTIONS 0
#define TOML_UNRELEASED_FEATURES 1  // TOML 1.1: \e, \xHH, relaxed inline tables
#define TOML_HEADER_ONLY 1

#include "config/document.hpp"

#include "config/field.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace corunner::config {

namespace {

// Datetimes are kept as RFC 3339 text; a local one has no offset and so is no point in time.
node datetime_node(std::string text) {
  node made;
  made.is = node::kind::datetime;
  if (auto const when = parse_timestamp(text); when && *when) made.when = **when;
  made.text = std::move(text);
  return made;
}

template <class T>
std::string printed(T const& what) {
  std::ostringstream out;
  out << what;
  return out.str();
}

node convert(toml::node const& from);

node convert_table(toml::table const& from) {
  node made;
  struct place {
    toml::source_position where;
    entry what;
  };
  std::vector<place> places;
  for (auto const& [key, value] : from) {
    auto const where = key.source().begin;
    places.push_back({where, {std::string(key.str()), convert(value)}});
    places.back().what.value.line = static_cast<int>(where.line);
    places.back().what.value.column = static_cast<int>(where.column);
  }
  // toml++ sorts by name; the file's own order is where the keys stand.
  std::sort(places.begin(), places.end(), [](place const& a, place const& b) {
    return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
  });
  for (place& each : places) made.entries.push_back(std::move(each.what));
  return made;
}

node convert(toml::node const& from) {
  node made;
  switch (from.type()) {
    case toml::node_type::table: made = convert_table(*from.as_table()); break;
    case toml::node_type::array:
      made.is = node::kind::array;
      for (auto const& item : *from.as_array()) made.items.push_back(convert(item));
      break;
    case toml::node_type::string: made = node::of(std::string_view(**from.as_string())); break;
    case toml::node_type::integer: made = node::of(**from.as_integer()); break;
    case toml::node_type::floating_point: made = node::of(**from.as_floating_point()); break;
    case toml::node_type::boolean: made = node::of(**from.as_boolean()); break;
    case toml::node_type::date: made = datetime_node(printed(**from.as_date())); break;
    case toml::node_type::time: made = datetime_node(printed(**from.as_time())); break;
    case toml::node_type::date_time: made = datetime_node(printed(**from.as_date_time())); break;
    default: break;
  }
  made.line = static_cast<int>(from.source().begin.line);
  made.column = static_cast<int>(from.source().begin.column);
  return made;
}

}  // namespace

outcome<node> parse_toml(std::string_view text) {
  auto const parsed = toml::parse(text);
  if (!parsed) {
    auto const& error = parsed.error();
    return failure{fmt::format("toml: line {}: {}", error.source().begin.line, error.description())};
  }
  return convert(parsed.table());
}

}  // namespace corunner::config
