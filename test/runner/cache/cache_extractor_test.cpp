#include "runner/cache/cache_extractor.hpp"

#include "test/exec/archive/craft.hpp"
#include "test/runner/cache/cache_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using test::cache_world;
using test::canned_answer;
using test::craft_zip;

struct load_world : cache_world {
  load_world() { loading.url = "http://store.test/bucket/key?sig=1"; }

  static std::string zip(std::string content) { return craft_zip({{"a.js", std::move(content)}}); }
  static canned_answer object(std::string bytes, std::string modified = test::now_and_then) {
    net::http_fields fields{{"ETag", "\"e1\""}, {"x-amz-meta-CacheKey", "my key"}};
    if (!modified.empty()) fields.add("Last-Modified", modified);
    return {200, std::move(fields), std::move(bytes)};
  }
  void keep(std::int64_t modified) {
    files.file("cache/key/cache.zip", zip("local"), 0600, modified);
  }
  std::string restored() { return files.exists("proj/a.js") ? files.read("proj/a.js") : ""; }
};

TEST_CASE("a cache of the store is kept with its time and metadata, and unpacked", "[cache]") {
  load_world w;
  w.answers = {load_world::object(load_world::zip("remote"))};
  CHECK(w.load() == 0);
  CHECK(w.restored() == "remote");
  CHECK(w.files.modified("cache/key/cache.zip") == 1'700'000'000);
  CHECK(w.files.mode("cache/key/cache.zip") == 0600);
  CHECK(w.files.mode("cache/key") == 0700);
  CHECK(w.files.read("cache/key/metadata.json") == R"({"cachekey":"my key"})");
  CHECK(w.logged("Downloading cache from http://store.test/bucket/key etag=\"e1\"\n"));
}

TEST_CASE("the younger of the store's archive and our own is taken", "[cache]") {
  struct row {
    std::int64_t ours;
    std::string_view theirs;
    std::string_view taken;
  };
  auto const [ours, theirs, taken] = GENERATE(values<row>({
      {1'700'000'000, test::now_and_then, "local"},
      {1'700'000'001, test::now_and_then, "local"},
      {1'699'999'999, test::now_and_then, "remote"},
      {1'500'000'000, "", "local"},
      {1'500'000'000, "nonsense", "local"},
  }));
  CAPTURE(ours, theirs);
  load_world w;
  w.keep(ours);
  w.answers = {load_world::object(load_world::zip("remote"), std::string(theirs))};
  CHECK(w.load() == 0);
  CHECK(w.restored() == taken);
  CHECK(w.logged("cache.zip is up to date") == (taken == "local"));
}

TEST_CASE("an object that is not there sends the job to its next key", "[cache]") {
  load_world w;
  w.keep(1'700'000'000);
  w.answers = {{404}};
  CHECK(w.load() == 1);
  CHECK(w.log.ends_with("WARNING: file does not exist\n"));
  CHECK(w.restored().empty());
  CHECK(w.seen.size() == 1);
}

TEST_CASE("an archive of the store that is none is removed, and fetched anew", "[cache]") {
  load_world w;
  w.answers = {load_world::object("<html>sign in</html>"),
               load_world::object(load_world::zip("remote"))};
  CHECK(w.load() == 1);
  CHECK(w.log.ends_with("FATAL: zip: not a valid zip file\n"));
  CHECK(w.files.list("cache") == "key/\n");
  CHECK(w.load() == 0);
  CHECK(w.restored() == "remote");
}

TEST_CASE("an archive of our own that is none stays for people to look at", "[cache]") {
  load_world w;
  w.loading.url.clear();
  w.files.file("cache/key/cache.zip", "this is no archive");
  CHECK(w.load() == 1);
  CHECK(w.files.exists("cache/key/cache.zip"));
}

TEST_CASE("a hostile archive gets nothing out of the project", "[cache]") {
  load_world w;
  w.answers = {load_world::object(craft_zip({{"../evil", "x"}}))};
  CHECK(w.load() == 1);
  CHECK(w.logged("cannot be extracted outside of chroot"));
  CHECK_FALSE(w.files.exists("evil"));
  CHECK(w.files.list("cache") == "key/\n");
}

TEST_CASE("without a store the archive on the machine is unpacked", "[cache]") {
  load_world w;
  w.loading.url.clear();
  w.loading.alternate_url = "http://store.test/alone";
  CHECK(w.load() == 1);
  CHECK(w.log.ends_with("WARNING: Cache file does not exist\n"));
  w.keep(1);
  CHECK(w.load() == 0);
  CHECK(w.restored() == "local");
  CHECK(w.seen.empty());
}

TEST_CASE("each failure of a download has its number of requests, and leaves our archive",
          "[cache]") {
  struct row {
    int status;
    std::size_t requests;
  };
  auto const [status, requests] =
      GENERATE(values<row>({{400, 1}, {403, 1}, {429, 1}, {500, 3}, {503, 3}}));
  CAPTURE(status);
  load_world w;
  w.keep(1);
  w.answers.assign(5, canned_answer{status});
  CHECK(w.load() == 1);
  CHECK(w.seen.size() == requests);
  CHECK(w.elapsed() == (requests - 1) * 1s);
  CHECK(w.files.list("cache") == "key/\nkey/cache.zip\n");
}

TEST_CASE("a download whose connection drops is tried again", "[cache]") {
  load_world w;
  canned_answer drop;
  drop.drop = true;
  w.answers = {drop, load_world::object(load_world::zip("remote"))};
  CHECK(w.load() == 0);
  CHECK(w.restored() == "remote");
  CHECK(w.logged("WARNING: Retrying... error=Get \"http://store.test/bucket/key\": EOF\n"));
}

struct alternate_world : load_world {
  alternate_world() {
    loading.alternate_url = "http://store.test/bucket/alt?sig=2";
    loading.head_url = "http://store.test/bucket/key?head=1";
  }
  static canned_answer head(std::string modified) {
    return {200, {{"Last-Modified", std::move(modified)}}, ""};
  }
};

TEST_CASE("of two objects of one cache the younger is fetched, ours when they are equal",
          "[cache]") {
  struct row {
    std::string_view primary;
    std::string_view alternate;
    std::string_view fetched;
  };
  auto const [primary, alternate, fetched] = GENERATE(values<row>({
      {test::an_hour_ago, test::now_and_then, "GET /bucket/alt?sig=2"},
      {test::now_and_then, test::now_and_then, "GET /bucket/key?sig=1"},
      {test::now_and_then, test::an_hour_ago, "GET /bucket/key?sig=1"},
      {"", test::an_hour_ago, "GET /bucket/alt?sig=2"},
      {test::an_hour_ago, "", "GET /bucket/key?sig=1"},
      {"", "", "GET /bucket/key?sig=1"},
  }));
  CAPTURE(primary, alternate);
  alternate_world w;
  for (auto const& when : {primary, alternate}) {
    w.answers.push_back(when.empty() ? canned_answer{404}
                                     : alternate_world::head(std::string(when)));
  }
  w.answers.push_back(load_world::object(load_world::zip("remote")));
  CHECK(w.load() == 0);
  REQUIRE(w.seen.size() == 3);
  CHECK(w.seen[0].line == "HEAD /bucket/key?head=1");
  CHECK(w.seen[1].line == "HEAD /bucket/alt?sig=2");
  CHECK(w.seen[2].line == fetched);
}

struct range_world : load_world {
  range_world() {
    variables["FF_USE_PARALLEL_CACHE_TRANSFER"] = "true";
    loading.transfer.chunk_size = static_cast<std::int64_t>(whole.size() / 2 + 1);
    loading.transfer.concurrency = 2;
    total = "/" + std::to_string(whole.size());
    cut = whole.size() / 2 + 1;
  }
  canned_answer part(std::string bytes, std::string tag = "\"e1\"") const {
    return {206,
            {{"Content-Range", "bytes 0-0" + total},
             {"ETag", std::move(tag)},
             {"Last-Modified", test::now_and_then}},
            std::move(bytes)};
  }

  std::string whole = zip(std::string(1000, 'r'));
  std::string total;
  std::size_t cut = 0;
};

TEST_CASE("a large object is fetched in ranges when that is asked for", "[cache]") {
  range_world w;
  w.answers = {w.part("P"), w.part(w.whole.substr(0, w.cut)), w.part(w.whole.substr(w.cut))};
  CHECK(w.load() == 0);
  CHECK(w.restored() == std::string(1000, 'r'));
  REQUIRE(w.seen.size() == 3);
  CHECK(w.seen[0].fields.get("Range") == "bytes=0-0");
  CHECK(w.seen[1].fields.get("Range") == "bytes=0-" + std::to_string(w.cut - 1));
  CHECK(w.seen[2].fields.get("Range").ends_with("-" + std::to_string(w.whole.size() - 1)));
  CHECK(w.files.modified("cache/key/cache.zip") == 1'700'000'000);
}

TEST_CASE("ranges of an object that was replaced meanwhile are not mixed", "[cache]") {
  range_world w;
  w.loading.transfer.retry = 0;
  w.answers = {w.part("P"), w.part(w.whole.substr(0, w.cut)),
               w.part(w.whole.substr(w.cut), "\"e2\"")};
  CHECK(w.load() == 1);
  CHECK(w.log.ends_with("WARNING: a range of the archive did not arrive\n"));
  CHECK(w.files.list("cache") == "key/\n");
}

TEST_CASE("a store without ranges, and a small object, are fetched in one piece", "[cache]") {
  range_world w;
  bool const ranges = GENERATE(true, false);
  w.loading.transfer.chunk_size = 0;
  w.answers = {ranges ? w.part("P") : load_world::object(w.whole), load_world::object(w.whole)};
  CHECK(w.load() == 0);
  REQUIRE(w.seen.size() == 2);
  CHECK_FALSE(w.seen[1].fields.contains("Range"));
  CHECK(w.restored() == std::string(1000, 'r'));
}

}  // namespace
}  // namespace corunner
