#include "test/config/key_walk.hpp"
#include "test/support/tsv.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fmt/format.h>

#include <map>
#include <set>

using namespace corunner;

// GitLab Runner's keys (test/data/parity/config-keys.tsv: section, key, type, default, variable,
// flag, meaning, deprecated) against the declarations, both ways. What differs on purpose stands in
// config-keys-differences.tsv: section, key, column, theirs, ours, reason; a key that only one side
// has differs in the column "key".

namespace {

using row = std::vector<std::string>;

std::vector<row> read_rows(std::string const& name) { return test::read_tsv("parity/" + name); }

// What a field is, as the table of keys calls it, and its default by itself.
struct described {
  std::string_view type;
  std::string standing;

  static described of(std::string const& v) { return {"string", fmt::format("\"{}\"", v)}; }
  static described of(secret const&) { return {"string", "\"\""}; }
  static described of(std::int64_t v) { return {"int", fmt::format("{}", v)}; }
  static described of(double v) { return {"float", fmt::format("{:.1f}", v)}; }
  static described of(bool v) { return {"bool", v ? "true" : "false"}; }
  static described of(config::duration v) { return {"duration", config::format_duration(v)}; }
  static described of(std::optional<config::timestamp> const& v) {
    return {"datetime", config::format_timestamp(v)};
  }
  static described of(std::vector<std::string> const&) { return {"array of string", "[]"}; }
  static described of(std::vector<std::int64_t> const&) { return {"array of int", "[]"}; }
  static described of(std::vector<double> const&) { return {"array of float", "[]"}; }
  static described of(config::one_or_more const&) { return {"string | array of string", "[]"}; }
  static described of(config::string_map const&) { return {"table of string", "{}"}; }
  static described of(config::flag_map const&) { return {"table of bool", "{}"}; }
  static described of(config::number_map const&) { return {"table of int", "{}"}; }
  static described of(config::list_map const&) { return {"table of array of string", "{}"}; }
  static described of(config::free_table const&) { return {"table of any", "{}"}; }
  template <class T>
  static described of(config::boxed<T> const& v) {
    return of(v.or_empty());
  }
  template <class T>
  static described of(std::optional<T> const& v) {
    return {of(T{}).type, v ? of(*v).standing : "unset"};
  }
};

described describe(test::walked_key const& key) {
  if (key.what->list) return {"array of tables", "[]"};
  if (key.what->table) return {"table", "absent"};
  config::configuration values;
  config::open_table* owner = &values;
  for (config::key const* const each : key.tables) owner = each->add(owner);
  return std::visit([](auto* field) { return described::of(*field); }, key.what->value(owner));
}

// "u, url" as "-u, --url".
std::string with_dashes(std::string_view names) {
  std::string out;
  while (!names.empty()) {
    auto const name = names.substr(0, names.find(", "));
    names.remove_prefix(std::min(names.size(), name.size() + 2));
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", name.size() == 1 ? "-" : "--", name);
  }
  return out.empty() ? "-" : out;
}

std::map<std::string, std::string> declared_columns(test::walked_key const& key) {
  auto const [type, standing] = describe(key);
  bool const has_flag = key.what->value || key.what->list;
  return {{"type", std::string(type)},
          {"default", key.what->unset.empty() ? standing : std::string(key.what->unset)},
          {"variable", has_flag && !key.names.variable.empty() ? key.names.variable : "-"},
          {"flag", has_flag ? with_dashes(key.names.flag) : "-"},
          {"deprecated", key.deprecated ? "yes" : "no"}};
}

std::string full_name(std::string const& section, std::string_view name) {
  return section.empty() ? std::string(name) : fmt::format("{}.{}", section, name);
}

// The differences that are meant, and which of them were met.
class known_differences {
 public:
  known_differences() {
    for (row const& each : read_rows("config-keys-differences.tsv")) {
      REQUIRE(each.size() == 6);
      CHECK_FALSE(each[5].empty());
      auto const section = each[0] == "(global)" ? "" : each[0];
      CHECK(all_.emplace(fmt::format("{} {}: '{}' is '{}'", full_name(section, each[1]), each[2],
                                     each[3], each[4])).second);
    }
  }

  bool contains(std::string const& key, std::string const& column, std::string const& theirs,
                std::string const& ours) {
    return all_.erase(fmt::format("{} {}: '{}' is '{}'", key, column, theirs, ours)) > 0;
  }

  std::set<std::string> const& left() const { return all_; }

 private:
  std::set<std::string> all_;
};

// The default is what stands there by itself, or what it means: `"" (off)` is "" and "off".
bool same_default(std::string const& theirs, std::string const& ours, std::string const& standing) {
  return theirs == ours || theirs == fmt::format("{} ({})", standing, ours);
}

}  // namespace

TEST_CASE("the declarations say of every key of GitLab Runner what it says", "[config][parity]") {
  std::map<std::string, test::walked_key> declared;
  for (auto const& key : test::walk_keys()) {
    declared.emplace(full_name(key.section(), key.what->name), key);
  }
  known_differences differences;
  constexpr std::array<std::string_view, 8> columns{"section", "key",  "type",    "default",
                                                    "variable", "flag", "meaning", "deprecated"};
  auto const rows = read_rows("config-keys.tsv");
  CHECK(rows.size() == 744);
  for (row const& theirs : rows) {
    REQUIRE(theirs.size() == columns.size());
    auto const name = full_name(theirs[0] == "(global)" ? "" : theirs[0], theirs[1]);
    CAPTURE(name);
    auto const found = declared.find(name);
    REQUIRE(found != declared.end());
    auto const ours = declared_columns(found->second);
    for (std::size_t i = 2; i < columns.size(); ++i) {
      if (columns[i] == "meaning") continue;  // said in our words
      std::string const column(columns[i]);
      auto const& said = ours.at(column);
      bool const same = column == "default"
                            ? same_default(theirs[i], said, describe(found->second).standing)
                            : theirs[i] == said;
      CAPTURE(column, theirs[i], said);
      CHECK((same || differences.contains(name, column, theirs[i], said)));
    }
    declared.erase(found);
  }
  // What is left is ours alone.
  for (auto const& [name, key] : declared) {
    CAPTURE(name);
    CHECK(differences.contains(name, "key", "", "declared"));
  }
  for (auto const& each : differences.left()) {
    CAPTURE(each);
    FAIL_CHECK("a difference is listed that there is not");
  }
}
