#include "config/schema.hpp"

#include "config/keys.hpp"
#include "config/reference.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace corunner;

namespace {

// What an object in the schema says of the keys of `what`.
void check_table(config::section const& what, boost::json::object const& schema) {
  CHECK(schema.at("type") == "object");
  CHECK(schema.at("additionalProperties") == false);
  auto const& properties = schema.at("properties").as_object();
  CHECK(properties.size() == what.keys.size());
  for (config::key const& each : what.keys) {
    CAPTURE(each.name);
    auto const& property = properties.at(each.name).as_object();
    CHECK(std::string_view(property.at("description").as_string()).starts_with(each.doc));
    CHECK(property.contains("deprecated") == each.deprecated);
    if (!each.table) continue;
    check_table(*each.table, each.list ? property.at("items").as_object() : property);
  }
}

boost::json::object parsed() { return boost::json::parse(config::json_schema()).as_object(); }

}  // namespace

TEST_CASE("the schema describes every key and allows no other", "[config][schema]") {
  auto const schema = parsed();
  CHECK(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
  check_table(config::configuration_section(), schema);
}

TEST_CASE("types, defaults and choices of keys are in the schema", "[config][schema]") {
  auto const schema = parsed();
  auto const& top = schema.at("properties").as_object();
  CHECK(top.at("concurrent").at("type") == "integer");
  CHECK(top.at("concurrent").at("default") == 1);
  CHECK(top.at("log_format").at("enum") == boost::json::array{"runner", "text", "json", ""});
  auto const& entry = top.at("runners").at("items").at("properties").as_object();
  CHECK(entry.at("token").at("type") == "string");
  CHECK(entry.at("unhealthy_interval").at("type") == boost::json::array{"string", "integer"});
  CHECK(entry.at("environment").at("items").at("type") == "string");
  CHECK(entry.at("feature_flags").at("additionalProperties").at("type") == "boolean");
  CHECK(entry.at("machine").at("deprecated") == true);
}

TEST_CASE("the reference has a heading for each table and a row for each key",
          "[config][reference]") {
  auto const page = config::reference_page();
  CHECK(page == config::reference_page());
  for (auto const heading :
       {"## [session_server]\n", "## [[runners]]\n", "## [runners.docker]\n",
        "## [[runners.docker.services]]\n", "## [runners.kubernetes.dns_config]\n"}) {
    CAPTURE(heading);
    CHECK(page.find(heading) != std::string::npos);
  }
  CHECK(
      page.find(
          "| `concurrent` | whole number | `1` |  |  | Most jobs at once, over all entries |\n") !=
      std::string::npos);
  CHECK(page.find("| `limit` | whole number | none | `RUNNER_LIMIT` | `--limit` | ") !=
        std::string::npos);
  CHECK(page.find("`-u`, `--url`") != std::string::npos);
}
