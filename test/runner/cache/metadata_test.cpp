#include "runner/cache/metadata.hpp"

#include "runner/cache/env_file.hpp"
#include "runner/cache/open_directories.hpp"
#include "runner/cache/store_client.hpp"
#include "test/runner/cache/cache_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

namespace corunner {
namespace {

TEST_CASE("metadata are a JSON object of texts, with names in lower case", "[cache]") {
  std::string failure;
  CHECK(parse_metadata(R"({"CacheKey":"A b","x":""})", failure) ==
        cache_metadata{{"cachekey", "A b"}, {"x", ""}});
  CHECK(failure.empty());
  for (auto const* const bad : {"", "{", "[]", "1", R"({"a":1})", "{} x"}) {
    CAPTURE(bad);
    failure.clear();
    CHECK_FALSE(parse_metadata(bad, failure));
    CHECK_FALSE(failure.empty());
  }
  parse_metadata("{", failure);
  CHECK(failure == "unexpected end of JSON input");
}

TEST_CASE("null is no metadata, and an empty value", "[cache]") {
  std::string failure;
  CHECK(parse_metadata("null", failure) == cache_metadata{});
  CHECK(parse_metadata(R"({"a":null})", failure) == cache_metadata{{"a", ""}});
}

TEST_CASE("metadata that is not UTF-8 is made readable", "[cache]") {
  CHECK(metadata_text({{"a", "x\xe9y\xc3\xa9"}}) == "{\"a\":\"x\xef\xbf\xbdy\xc3\xa9\"}");
}

TEST_CASE("what a store keeps about an object stands behind its vendor's prefix", "[cache]") {
  net::http_fields const fields{{"x-amz-meta-CacheKey", "k"}, {"X-Goog-Meta-Other-Name", "v"},
                                {"X-Meta", "no"},             {"X-Meta-A", "no"},
                                {"x--meta-b", "no"},          {"x-amz-meta-", "no"},
                                {"Content-Type", "no"}};
  CHECK(metadata_of(fields) == cache_metadata{{"cachekey", "k"}, {"other-name", "v"}});
}

TEST_CASE("an env file is read as the script wrote it", "[cache]") {
  CHECK(parse_env_file(
            "A=\"x y\"\n# B=\"no\"\n\nC=\"a\\\"b\\\\c\\nd\\re\"\nnonsense\nD=plain \r\nE=\n") ==
        std::map<std::string, std::string>{
            {"A", "x y"}, {"C", "a\"b\\c\nd\re"}, {"D", "plain"}, {"E", ""}});
  CHECK(parse_env_file("A=\"no end").at("A") == "no end");
  CHECK(parse_env_file("A=\"\\").at("A") == "\\");
}

TEST_CASE("a log shows a URL without what gives access", "[cache]") {
  CHECK(clean_url("https://u:p@h/b/k?X-Amz-Signature=s#f") == "https://h/b/k");
  CHECK(clean_url("https://h/b@c/k") == "https://h/b@c/k");
  CHECK(clean_url("https://h?x=u@v") == "https://h");
  CHECK(clean_url("no url") == "no url");
}

TEST_CASE("the words of a store's XML are told", "[cache]") {
  CHECK(store_error_text("").empty());
  CHECK(store_error_text("<Code>no root</Code>").empty());
  CHECK(store_error_text("<Error></Error>").empty());
  CHECK(store_error_text("<Error><Code>C</Code></Error>") == ". Request failed with code: C");
  CHECK(store_error_text("<Error><Message>M</Message></Error>") ==
        ". Request failed with , message: M");
}

TEST_CASE("volumes are opened to all, and one that is missing stops nothing", "[cache]") {
  test::cache_world w;
  w.files.folder("cache/d", 02700);
  w.files.file("cache/f", "", 0600);
  CHECK(open_directories(w.context.log, {w.files.path("none"), w.files.path("cache/d"),
                                         w.files.path("cache/f")}) == 0);
  CHECK(w.files.mode("cache/d") == 0777);
  CHECK(w.files.mode("cache/f") == 0777);
  CHECK(w.logged("ERROR: failed to chmod path error=chmod "));
  CHECK(open_directories(w.context.log, {}) == 1);
}

}  // namespace
}  // namespace corunner
