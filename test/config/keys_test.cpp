#include "config/keys.hpp"

#include "config/reading.hpp"
#include "test/config/observed_case.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <set>
#include <string>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

// Something that is neither empty nor the default, different for each key.
struct filler {
  int count = 0;

  void operator()(std::string* value) { *value = "text" + std::to_string(++count); }
  void operator()(secret* value) { *value = secret("secret" + std::to_string(++count)); }
  void operator()(std::int64_t* value) { *value = ++count; }
  void operator()(double* value) { *value = ++count + 0.5; }
  void operator()(bool* value) { *value = true; }
  void operator()(config::duration* value) { *value = ++count * 1s; }
  void operator()(std::optional<config::timestamp>* value) {
    *value = config::timestamp(1'800'000'000s + ++count * 1s);
  }
  void operator()(std::vector<std::string>* value) { *value = {"a", "b" + std::to_string(++count)}; }
  void operator()(config::one_or_more* value) { value->values = {"p" + std::to_string(++count)}; }
  void operator()(config::string_map* value) { *value = {{"key", "v" + std::to_string(++count)}}; }
  void operator()(config::flag_map* value) { *value = {{"FF_ONE", true}, {"FF_TWO", false}}; }
  void operator()(config::list_map* value) { *value = {{"k", {"v" + std::to_string(++count)}}}; }
  template <class T>
  void operator()(std::optional<T>* value) {
    (*this)(&value->emplace());
  }
};

void fill(config::section const& what, void* owner, filler& with) {
  for (config::key const& each : what.keys) {
    if (each.value) std::visit([&](auto* target) { with(target); }, each.value(owner));
    if (each.table) fill(*each.table, each.add(owner), with);
  }
}

void visit_keys(config::section const& what, std::function<void(config::key const&)> const& see) {
  for (config::key const& each : what.keys) {
    see(each);
    if (each.table) visit_keys(*each.table, see);
  }
}

}  // namespace

TEST_CASE("every declared key survives a save and a load", "[config][keys]") {
  config::configuration full;
  filler with;
  fill(config::configuration_section(), &full, with);
  REQUIRE(with.count > 150);
  auto const text = config::encode(full);
  auto const again = config::decode_all(text, test::no_variable);
  REQUIRE(again.has_value());
  CHECK(config::encode(again->values) == text);
  CHECK(again->problems.empty());

  // A key that a load forgets would be missing from the second text: see that each is in the first.
  visit_keys(config::configuration_section(), [&](config::key const& each) {
    if (!each.value && !each.table) return;
    CAPTURE(each.name);
    CHECK(text.find(each.name) != std::string::npos);
  });
}

TEST_CASE("no two keys of a section share a name, no two flags of register", "[config][keys]") {
  std::set<std::string_view> flags;
  visit_keys(config::runner_section(), [&](config::key const& each) {
    if (each.flag.empty()) return;
    CAPTURE(each.flag);
    CHECK(flags.insert(each.flag).second);
  });
  std::set<std::string_view> names;
  for (config::key const& each : config::runner_section().keys) CHECK(names.insert(each.name).second);
}

TEST_CASE("every key tells what it means", "[config][keys]") {
  visit_keys(config::configuration_section(), [](config::key const& each) {
    CAPTURE(each.name);
    CHECK_FALSE(each.doc.empty());
  });
}
