#include "exec/autoscale/oci_challenge.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::exec;

namespace {

std::vector<oci_challenge> read(std::string const& value) {
  return challenges_in({{"WWW-Authenticate", value}});
}

}  // namespace

TEST_CASE("a challenge is taken apart", "[autoscale][challenge]") {
  auto const found =
      read(R"(Bearer realm="https://auth.example.com/token",service="registry.example.com",)"
           R"(scope="repository:a/b:pull,push" , error=invalid_token)");
  REQUIRE(found.size() == 1);
  CHECK(found[0].scheme == "bearer");
  CHECK(found[0].parameter("realm") == "https://auth.example.com/token");
  CHECK(found[0].parameter("service") == "registry.example.com");
  CHECK(found[0].parameter("scope") == "repository:a/b:pull,push");
  CHECK(found[0].parameter("error") == "invalid_token");
  CHECK(found[0].parameter("missing") == "");
}

TEST_CASE("several challenges may stand in one field or in several", "[autoscale][challenge]") {
  std::vector<oci_challenge> const both{{"basic", {{"realm", "a, \"b\""}}},
                                        {"bearer", {{"realm", "c"}}}};
  CHECK(read(R"(Basic realm="a, \"b\"", BEARER Realm = c)") == both);
  net::http_fields const fields{{"www-authenticate", R"(Basic realm="a, \"b\"")"},
                                {"X", "y"},
                                {"WWW-Authenticate", "bearer realm=c"}};
  CHECK(challenges_in(fields) == both);
}

TEST_CASE("nothing in a challenge is taken on trust", "[autoscale][challenge]") {
  auto const* const text =
      GENERATE("", ",", "=", "=x", "\"", "realm=x", "Bearer realm=", "Bearer realm=\"",
               "Bearer =,=,=", "a b c d", ",,,,Basic,,,");
  CAPTURE(text);
  for (auto const& each : read(text)) CHECK(each.parameter("realm") == "");
}
