// The flags of GitLab Runner (test/data/parity/cli.tsv) and ours, one by one: names, variable, type
// and default. What differs on purpose stands in cli-differences.tsv beside it, with the reason.

#include "config/duration.hpp"
#include "test/runner/command/declared.hpp"
#include "test/support/tsv.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

using namespace corunner;

namespace {

using names = std::set<std::string, std::less<>>;

// A flag as the list tells of it.
struct facts {
  std::string variable;
  std::string type;
  std::string standing;

  bool operator==(facts const&) const = default;
};

std::ostream& operator<<(std::ostream& out, facts const& what) {
  return out << '$' << what.variable << ", " << what.type << ", default " << what.standing;
}

struct type_and_default {
  std::string operator()(bool* value) { return type = "bool", *value ? "true" : "false"; }
  std::string operator()(std::optional<bool>* value) {
    return type = "bool, value needed", value->has_value() ? "set" : "unset";
  }
  std::string operator()(std::int64_t* value) { return type = "int", fmt::format("{}", *value); }
  std::string operator()(std::optional<std::int64_t>* value) {
    return type = "int", *value ? fmt::format("{}", **value) : "unset";
  }
  std::string operator()(double* value) { return type = "float", fmt::format("{}", *value); }
  std::string operator()(config::duration* value) {
    return type = "duration", config::format_duration(*value);
  }
  std::string operator()(std::optional<config::duration>* value) {
    return type = "duration", *value ? config::format_duration(**value) : "unset";
  }
  std::string operator()(std::optional<config::timestamp>*) { return type = "time", "unset"; }
  std::string operator()(std::string* value) { return type = "string", *value; }
  std::string operator()(config::boxed_text* value) { return type = "string", *value; }
  std::string operator()(std::optional<std::string>* value) {
    return type = "string", value->value_or("");
  }
  std::string operator()(secret* value) { return type = "string", value->reveal(); }
  std::string operator()(std::vector<std::string>* value) {
    return listed("string, repeatable", value->size());
  }
  std::string operator()(std::vector<std::int64_t>* value) {
    return listed("int, repeatable", value->size());
  }
  std::string operator()(std::vector<double>* value) {
    return listed("float, repeatable", value->size());
  }
  std::string operator()(config::one_or_more* value) {
    return type = "comma list; last use wins", value->values.empty() ? "" : "set";
  }
  std::string operator()(config::string_map* value) { return mapped("string", value->size()); }
  std::string operator()(config::boxed<config::string_map>*) { return mapped("string", 0); }
  std::string operator()(config::flag_map* value) { return mapped("bool", value->size()); }
  std::string operator()(config::boxed<config::flag_map>*) { return mapped("bool", 0); }
  std::string operator()(config::number_map* value) { return mapped("int", value->size()); }
  std::string operator()(config::list_map*) {
    return type = "key:value, repeatable; the value replaces the list", "{}";
  }
  std::string operator()(config::free_table*) { return type = "table", ""; }

  std::string listed(std::string_view of, std::size_t size) {
    return type = of, size == 0 ? "[]" : "set";
  }
  std::string mapped(std::string_view values, std::size_t size) {
    return type = fmt::format("key:value, repeatable ({} values)", values),
           size == 0 ? "{}" : "set";
  }

  std::string type;
};

facts facts_of(flag const& which) {
  if (which.take) return {which.variable, "JSON", ""};
  type_and_default reader;
  auto standing = std::visit(reader, which.target);
  return {which.variable, reader.type, std::move(standing)};
}

std::string until(std::string_view text, std::initializer_list<std::string_view> ends) {
  for (auto const end : ends) text = text.substr(0, text.find(end));
  return std::string(text);
}

// The default without what the list explains behind it.
std::string default_in_list(std::string const& cell, std::string_view type) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::map<std::string, std::string> const places{
      {"host name", host.data()},
      {"current directory", std::filesystem::current_path().string()},
      {"<config dir>/config.toml", "/etc/gitlab-runner/config.toml"},
      {"<temp dir>/step-runner.sock",
       (std::filesystem::temp_directory_path() / "step-runner.sock").string()},
      {"\"\"", ""},
  };
  if (type == "JSON" || (type == "string" && cell == "unset")) return "";
  auto const value = until(cell, {" (", "; ", ", ", " = "});
  if (type == "duration" && value != "unset") {
    return config::format_duration(*config::parse_duration(value));
  }
  auto const place = places.find(value);
  return place == places.end() ? value : place->second;
}

facts facts_in_list(std::vector<std::string> const& row) {
  auto type = until(row[3], {", no comma splitting"});
  if (type.starts_with("JSON")) type = "JSON";
  auto standing = default_in_list(row[4], type);
  return {row[2] == "-" ? "" : row[2], std::move(type), std::move(standing)};
}

names names_in_list(std::string const& cell) {
  names all;
  for (std::string_view rest = cell; !rest.empty();) {
    auto const one = rest.substr(0, rest.find(", "));
    all.emplace(one.substr(one.find_first_not_of('-')));
    rest.remove_prefix(std::min(rest.size(), one.size() + 2));
  }
  return all;
}

// The pairs of command and flag that may differ; "*" stands for all flags of a command.
class differences {
 public:
  differences() {
    for (auto const& row : test::read_tsv("parity/cli-differences.tsv")) {
      CAPTURE(row[0], row[1]);
      REQUIRE(row.size() == 3);
      REQUIRE_FALSE(row[2].empty());
      listed_.emplace(row[0], row[1]);
    }
  }
  bool allow(std::string const& command, std::string const& flags) {
    for (auto const& key : {std::pair(command, flags), std::pair(command, std::string("*"))}) {
      if (!listed_.contains(key)) continue;
      used_.insert(key);
      return true;
    }
    return false;
  }
  std::set<std::pair<std::string, std::string>> unused() const {
    std::set<std::pair<std::string, std::string>> left;
    std::ranges::set_difference(listed_, used_, std::inserter(left, left.end()));
    return left;
  }

 private:
  std::set<std::pair<std::string, std::string>> listed_;
  std::set<std::pair<std::string, std::string>> used_;
};

// What we have for a row: nothing when no flag has these very names.
std::optional<facts> ours(std::vector<flag> const& flags, names const& wanted) {
  for (flag const& each : flags) {
    names have;
    for (auto const name : each.each_name()) have.emplace(name);
    if (have == wanted) return facts_of(each);
  }
  return std::nullopt;
}

// Some flags are offered to root alone, some to everybody else.
bool is_for_somebody_else(std::string_view meaning) {
  auto const says = [&](std::string_view what) { return meaning.find(what) != meaning.npos; };
  return ::geteuid() == 0 ? says("only for non-root") : says("root only");
}

bool has_command(std::string const& name) {
  auto const is_group = [&](command_entry const& each) { return each.name == name && each.flags; };
  return name.empty() || std::ranges::any_of(all_commands(), is_group) ||
         std::ranges::any_of(callable_commands(),
                             [&](auto const& each) { return each.name == name; });
}

}  // namespace

TEST_CASE("every flag of GitLab Runner is here with its variable, type and default",
          "[command][parity]") {
  test::declared program;
  differences known;
  std::size_t same = 0;
  for (auto const& row : test::read_tsv("parity/cli.tsv")) {
    bool const argument = !row[1].starts_with('-');
    if (argument || is_for_somebody_else(row[5])) continue;
    auto const command = row[0] == "(global)" ? "" : row[0];
    CAPTURE(row[0], row[1]);
    auto const flags = has_command(command) ? program.flags(command) : std::vector<flag>();
    auto const have = ours(flags, names_in_list(row[1]));
    if (have && *have == facts_in_list(row)) {
      ++same;
      continue;
    }
    if (known.allow(row[0], row[1])) continue;
    CHECK(have.value_or(facts{}) == facts_in_list(row));
  }
  CHECK(same > 800);
  CHECK(known.unused().empty());
}
