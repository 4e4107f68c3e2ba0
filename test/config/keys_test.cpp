#include "config/keys.hpp"

#include "config/file.hpp"
#include "config/reading.hpp"
#include "test/config/key_walk.hpp"
#include "test/config/observed_case.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fmt/format.h>

#include <set>
#include <string>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

// A value that no key has by itself: how a file says it, and whether a field has it.
struct probe {
  std::string text;
  bool is_there = false;

  void operator()(std::string const& value) { see("\"some\"", value == "some"); }
  void operator()(secret const& value) { see("\"some\"", value.reveal() == "some"); }
  void operator()(std::int64_t value) { see("77", value == 77); }
  void operator()(double value) { see("7.5", value == 7.5); }
  void operator()(bool value) { see("true", value); }
  void operator()(config::duration value) { see("\"1h2m\"", value == 62min); }
  void operator()(config::timestamp value) {
    see("2027-01-02T03:04:05Z", value.time_since_epoch() == 1'798'859'045s);
  }
  void operator()(std::vector<std::string> const& value) {
    see("[\"a\", \"b\"]", value == std::vector<std::string>{"a", "b"});
  }
  void operator()(std::vector<std::int64_t> const& value) {
    see("[5, 6]", value == std::vector<std::int64_t>{5, 6});
  }
  void operator()(std::vector<double> const& value) {
    see("[1.5, 2]", value == std::vector<double>{1.5, 2});
  }
  void operator()(config::one_or_more const& value) {
    see("\"some\"", value.values == std::vector<std::string>{"some"});
  }
  void operator()(config::string_map const& value) {
    see("{ k = \"v\" }", value == config::string_map{{"k", "v"}});
  }
  void operator()(config::flag_map const& value) {
    see("{ K = false }", value == config::flag_map{{"K", false}});
  }
  void operator()(config::number_map const& value) {
    see("{ k = 3 }", value == config::number_map{{"k", 3}});
  }
  void operator()(config::list_map const& value) {
    see("{ k = [\"v\"] }", value == config::list_map{{"k", {"v"}}});
  }
  void operator()(config::free_table const& value) {
    see("{ k = [1], t = { b = true } }",
        value.entries.size() == 2 && value.entries[0].key == "k" &&
            value.entries[0].value.items ==
                std::vector<config::node>{config::node::of(std::int64_t{1})} &&
            value.entries[1].value.entries ==
                std::vector<config::entry>{{"b", config::node::of(true)}});
  }
  template <class T>
  void operator()(std::optional<T> const& value) {
    (*this)(value.value_or(T{}));
    is_there = is_there && value.has_value();
  }
  template <class T>
  void operator()(config::boxed<T> const& value) {
    (*this)(value.or_empty());
  }

 private:
  void see(std::string written, bool there) {
    text = std::move(written);
    is_there = there;
  }
};

probe look(config::field const& at) {
  probe seen;
  std::visit([&](auto* value) { seen(*value); }, at);
  return seen;
}

// A file in which the key has the value of the probe, and what its table needs beside it.
std::string file_with(test::walked_key const& key, std::string const& value) {
  std::string text;
  std::string name;
  for (config::key const* const each : key.tables) {
    name += (name.empty() ? "" : ".") + std::string(each->name);
    text += each->list ? fmt::format("[[{}]]\n", name) : fmt::format("[{}]\n", name);
  }
  text += fmt::format("{} = {}\n", key.what->name, value);
  if (!key.within->check) return text;
  config::configuration none;
  for (config::key const& each : key.within->keys) {
    bool const is_text = key.what != &each && (each.name == "name" || each.name == "mount_path" ||
                                               each.name == "server" || each.name == "path");
    if (is_text) text += fmt::format("{} = \"x\"\n", each.name);
  }
  return text;
}

// An object of the section that the key is in, with its tables made on the way.
config::field made_field(test::walked_key const& key, config::configuration& values) {
  config::open_table* owner = &values;
  for (config::key const* const each : key.tables) owner = each->add(owner);
  return key.what->value(owner);
}

}  // namespace

TEST_CASE("every declared key is read from a file, has effect, and survives a save",
          "[config][keys]") {
  std::size_t count = 0;
  for (auto const& key : test::walk_keys()) {
    if (!key.what->value) continue;
    ++count;
    config::configuration empty;
    auto const standing = look(made_field(key, empty));
    auto const text = file_with(key, standing.text);
    CAPTURE(text);
    CHECK_FALSE(standing.is_there);

    auto read = config::decode_all(text, test::no_variable);
    REQUIRE(read.has_value());
    REQUIRE(read->problems.empty());
    REQUIRE(look(test::field_of(key, read->values)).is_there);

    auto const saved = config::encode(read->values);
    CAPTURE(saved);
    auto again = config::decode_all(saved, test::no_variable);
    REQUIRE(again.has_value());
    CHECK(again->problems.empty());
    CHECK(look(test::field_of(key, again->values)).is_there);
    CHECK(config::encode(again->values) == saved);
  }
  CHECK(count > 580);
}

TEST_CASE("every declared table is read and written with what is in it", "[config][keys]") {
  for (auto const& key : test::walk_keys()) {
    if (key.what->value) continue;
    auto inside = key;
    inside.tables.push_back(key.what);
    inside.what = nullptr;
    auto text = file_with({.tables = inside.tables, .what = &key.what->table->keys.front(),
                           .within = key.what->table, .names = {}}, "0");
    text.erase(text.rfind(key.what->table->keys.front().name));
    text += "kept = 1\n";
    if (key.what->table->check) {
      text += "name = \"n\"\nmount_path = \"m\"\nserver = \"s\"\npath = \"p\"\n";
    }
    CAPTURE(text);
    auto const read = config::decode_all(text, test::no_variable);
    REQUIRE(read.has_value());
    auto const name = inside.section() + ".kept";
    REQUIRE(read->problems.size() == 1);
    CHECK(read->problems.front().key == name);
    CHECK(config::encode(read->values).find("kept = 1\n") != std::string::npos);
  }
}

TEST_CASE("no two keys of a section share a name, no two flags of register", "[config][keys]") {
  std::set<std::string> flags;
  std::set<std::string> names;
  for (auto const& key : test::walk_keys()) {
    CAPTURE(key.section(), key.what->name);
    CHECK(names.insert(fmt::format("{}.{}", key.section(), key.what->name)).second);
    if (key.names.flag.empty() || (key.what->table && !key.what->list)) continue;
    CAPTURE(key.names.flag);
    CHECK(flags.insert(key.names.flag).second);
  }
  CHECK(flags.size() > 330);
}

TEST_CASE("every key tells what it means", "[config][keys]") {
  for (auto const& key : test::walk_keys()) {
    CAPTURE(key.section(), key.what->name);
    CHECK_FALSE(key.what->doc.empty());
  }
}
