// Header-only, whatever the package was built as.
#define TOML_EXCEPTIONS 0
#define TOML_UNRELEASED_FEATURES 1  // TOML 1.1: \e, \xHH, relaxed inline tables
#define TOML_HEADER_ONLY 1
// Its assertions are promises to the optimizer in a release build, and toml++ 3.3 breaks one on
// "[,": a key is asserted where the next lines report that there is none. So they are nothing.
#undef NDEBUG
#define TOML_ASSERT(expr) static_cast<void>(0)

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

// Turns the tables of toml++ into ours.
class converter {
 public:
  explicit converter(int first_line) : lines_before_(first_line - 1) {}

  node convert(toml::node const& from) const;

 private:
  node convert_table(toml::table const& from) const;
  void put_position(node& at, toml::source_position where) const;

  int lines_before_;
};

void converter::put_position(node& at, toml::source_position where) const {
  at.line = lines_before_ + static_cast<int>(where.line);
  at.column = static_cast<int>(where.column);
}

node converter::convert_table(toml::table const& from) const {
  node made;
  made.entries.reserve(from.size());
  for (auto const& [key, value] : from) {
    made.entries.push_back({std::string(key.str()), convert(value)});
    put_position(made.entries.back().value, key.source().begin);
  }
  // toml++ sorts by name; the file's own order is where the keys stand.
  std::sort(made.entries.begin(), made.entries.end(), [](entry const& a, entry const& b) {
    return std::pair(a.value.line, a.value.column) < std::pair(b.value.line, b.value.column);
  });
  return made;
}

node converter::convert(toml::node const& from) const {
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
  put_position(made, from.source().begin);
  return made;
}

}  // namespace

outcome<node> parse_toml(std::string_view text, int first_line) {
  auto const parsed = toml::parse(text);
  if (!parsed) {
    auto const& error = parsed.error();
    return failure{fmt::format("toml: line {}: {}",
                               first_line - 1 + static_cast<int>(error.source().begin.line),
                               error.description())};
  }
  return converter(first_line).convert(parsed.table());
}

}  // namespace corunner::config
