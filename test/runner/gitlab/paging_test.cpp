#include "runner/gitlab/management.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::gitlab;

TEST_CASE("the next page is that of Link, whatever host it names", "[gitlab][runners]") {
  auto const& [link, next] = GENERATE(table<std::string, std::string>({
      {R"(<https://h/api/v4/runners?page=1&per_page=2>; rel="prev", <https://h/api/v4/runners?page=3&per_page=2>; rel="next", <https://h/api/v4/runners?page=1>; rel="first")",
       "page=3&per_page=2"},
      {R"(<http://inside:8080/api/v4/runners/1/jobs?cursor=eyJpZCI6IjEifQ%3D%3D&pagination=keyset>; rel="next")",
       "cursor=eyJpZCI6IjEifQ%3D%3D&pagination=keyset"},
      {R"(<https://h/api/v4/runners?page=1>; rel="first", <https://h/api/v4/runners?page=1>; rel="last")",
       ""},
      {R"(<https://h/api/v4/runners?page=9)", ""},
      {"", ""},
  }));
  CAPTURE(link);
  CHECK(next_page_query({{"Link", link}}, "per_page=2") == next);
}

TEST_CASE("where Link was lost on the way, X-Next-Page counts", "[gitlab][runners]") {
  CHECK(next_page_query({{"X-Next-Page", "4"}}, "status=online&page=3&per_page=2") ==
        "status=online&page=4&per_page=2");
  CHECK(next_page_query({{"X-Next-Page", "2"}}, "") == "page=2");
  CHECK(next_page_query({{"X-Next-Page", ""}}, "page=3").empty());
}

TEST_CASE("a parameter of a query is replaced where it stands", "[gitlab][runners]") {
  CHECK(with_parameter("a=1&page=2&b=3", "page", "7") == "a=1&page=7&b=3");
  CHECK(with_parameter("page=2&page=3", "page", "7") == "page=7");
  CHECK(with_parameter("pages=2", "page", "7") == "pages=2&page=7");
  CHECK(with_parameter("a&b=", "page", "7") == "a=&b=&page=7");
}

TEST_CASE("the elements of a JSON array come out as they are written", "[gitlab][runners]") {
  using list = std::vector<std::string_view>;
  CHECK(elements_of("[]") == list{});
  CHECK(elements_of(" [ ] \n") == list{});
  CHECK(elements_of(R"([{"id":1.50, "a":"],[\"}"}, {"b":[1,2,{"c":[]}]},3])") ==
        list{R"({"id":1.50, "a":"],[\"}"})", R"({"b":[1,2,{"c":[]}]})", "3"});
}

TEST_CASE("what is no array has no elements", "[gitlab][runners]") {
  auto const* const text = GENERATE("", "{}", "[", "]", "[1", "[\"a]", "[[1]", "null", "[{]");
  CAPTURE(text);
  CHECK_FALSE(elements_of(text));
}
