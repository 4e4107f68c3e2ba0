#include "runner/coordinator/api/body/utf8_text.hpp"
#include "runner/coordinator/api/parameters.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using corunner::coordinator::parameters;

TEST_CASE("parameters are read alike from every form, and the body wins",
          "[coordinator][parameters]") {
  struct row {
    char const* type;
    char const* body;
  };
  auto const [type, body] = GENERATE(values<row>({
      {"application/json; charset=utf-8",
       R"({"name":"a b","flag":true,"count":7,"tags":["x","y"],"info":{"version":"1"}})"},
      {"application/x-www-form-urlencoded",
       "name=a+b&flag=1&count=7&tags[]=x&tags%5B%5D=y&info[version]=1"},
      {"multipart/form-data; boundary=B",
       "--B\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na b\r\n"
       "--B\r\nContent-Disposition: form-data; name=\"flag\"\r\n\r\ntrue\r\n"
       "--B\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n7\r\n"
       "--B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nx, y\r\n"
       "--B\r\nContent-Disposition: form-data; name=\"info[version]\"\r\n\r\n1\r\n--B--\r\n"},
  }));
  CAPTURE(type);
  parameters params;
  params.add_query("name=query&only=here");
  REQUIRE(params.add_body(type, body));
  CHECK(params.text("name") == "a b");
  CHECK(params.text("only") == "here");
  CHECK(params.boolean("flag") == true);
  CHECK(params.integer("count") == 7);
  CHECK(params.list("tags") == std::vector<std::string>{"x", "y"});
  REQUIRE(params.object("info"));
  CHECK(params.object("info")->at("version") == "1");
  CHECK(params.good());
}

TEST_CASE("faults of parameters are told together, in GitLab's words",
          "[coordinator][parameters]") {
  parameters params;
  params.add_body("application/json", R"({"count":"x","flag":"maybe","level":"high","a":1,"b":2})");
  params.require("token");
  CHECK_FALSE(params.integer("count"));
  CHECK_FALSE(params.boolean("flag"));
  CHECK_FALSE(params.choice("level", {"low"}));
  params.exclusive("a", "b");
  params.at_least_one({"c", "d"});
  CHECK(params.faults() ==
        "token is missing, count is invalid, flag is invalid, level does not have a valid value, "
        "a, b are mutually exclusive, c, d are missing, at least one parameter must be provided");
}

TEST_CASE("a body that is not what it says is refused", "[coordinator][parameters]") {
  parameters params;
  CHECK_FALSE(params.add_body("application/json", "{oops"));
  CHECK_FALSE(params.add_body("application/json", "[1]"));
  CHECK_FALSE(params.add_body("multipart/form-data; boundary=B", "no boundary"));
  CHECK(params.add_body("application/json", "null"));
  CHECK(params.add_body("application/json", ""));
  CHECK(params.add_body("text/plain", "anything"));
}

TEST_CASE("a truth is any of the words that GitLab takes for one", "[coordinator][parameters]") {
  parameters params;
  for (auto const* const word : {"true", "True", "TRUE", "t", "1", "yes", "on", "Y"}) {
    CAPTURE(word);
    params.add("flag", word);
    CHECK(params.boolean("flag") == true);
  }
  for (auto const* const word : {"false", "False", "f", "0", "no", "off", "N"}) {
    CAPTURE(word);
    params.add("flag", word);
    CHECK(params.boolean("flag") == false);
  }
  CHECK(params.good());
  params.add("flag", "tRuE");
  CHECK_FALSE(params.boolean("flag"));
  CHECK(params.faults() == "flag is invalid");
}

TEST_CASE("only texts are taken: what is no UTF-8 is refused", "[coordinator][parameters]") {
  parameters params;
  CHECK(params.add_query("name=%C3%A4%E2%82%AC%F0%9F%98%80"));
  CHECK(params.text("name") == "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  for (auto const* const bad :
       {"%ff", "%C3", "%C0%80", "%ED%A0%80", "%F4%90%80%80", "%E0%80%80", "%80"}) {
    CAPTURE(bad);
    CHECK_FALSE(params.add_query(std::string("name=") + bad));
    CHECK_FALSE(params.add_body("application/x-www-form-urlencoded", std::string(bad) + "=x"));
  }
  CHECK_FALSE(params.add_body(
      "multipart/form-data; boundary=B",
      "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--B--\r\n"));
}

TEST_CASE("texts are cut between characters", "[coordinator][parameters]") {
  std::string const text = "a\xc3\xa4\xe2\x82\xac";
  CHECK(corunner::coordinator::prefix_of(text, 6) == text);
  CHECK(corunner::coordinator::prefix_of(text, 5) == "a\xc3\xa4");
  CHECK(corunner::coordinator::prefix_of(text, 3) == "a\xc3\xa4");
  CHECK(corunner::coordinator::prefix_of(text, 2) == "a");
  CHECK(corunner::coordinator::prefix_of(text, 0).empty());
  CHECK(corunner::coordinator::count_characters(text) == 3);
}
