#include "runner/cache/cache_archiver.hpp"

#include "test/runner/cache/cache_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

#include <sys/stat.h>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using test::cache_world;
using test::canned_answer;

struct save_world : cache_world {
  save_world() { files.file("proj/deps/a.js", "a"); }
  void with_store() { saving.url = "http://store.test/bucket/key?sig=1"; }
};

TEST_CASE("a cache is kept beside its metadata, for its user alone", "[cache]") {
  save_world w;
  auto const mask = ::umask(0);
  CHECK(w.save() == 0);
  ::umask(mask);
  CHECK(w.files.mode("cache/key") == 0700);
  CHECK(w.files.mode("cache/key/cache.zip") == 0600);
  CHECK(w.files.mode("cache/key/metadata.json") == 0640);
  CHECK(w.files.read("cache/key/metadata.json") == "{}");
  CHECK(w.files.read("cache/key/cache.zip").starts_with("PK"));
  CHECK(w.logged("No URL provided, cache will not be uploaded"));
  CHECK(w.files.list("cache/key").find("archive_") == std::string::npos);
}

TEST_CASE("what was saved can be restored elsewhere", "[cache]") {
  auto const format = GENERATE("zip", "TarZstd", "zipzstd", "unknown");
  auto const level = GENERATE("fastest", "", "slowest", "nonsense");
  save_world w;
  w.files.file("proj/deps/b", std::string(10'000, 'b'), 0755);
  w.saving.compression_format = format;
  w.saving.compression_level = level;
  CHECK(w.save() == 0);
  w.files.folder("elsewhere");
  w.context.working_directory = w.files.path("elsewhere");
  CHECK(w.load() == 0);
  CHECK(w.files.read("elsewhere/deps/a.js") == "a");
  CHECK(w.files.read("elsewhere/deps/b").size() == 10'000);
  CHECK(w.files.mode("elsewhere/deps/b") == 0755);
}

TEST_CASE("the metadata come from the flag, else from the file that the script wrote", "[cache]") {
  save_world w;
  w.files.file("env", "A=\"1\"\nCACHE_METADATA=\"{\\\"CacheKey\\\":\\\"my \\\\\\\"key\\\"}\"\n");
  w.saving.transfer.env_file = w.files.path("env");
  SECTION("the file") {
    CHECK(w.save() == 0);
    CHECK(w.files.read("cache/key/metadata.json") == R"({"cachekey":"my \"key"})");
  }
  SECTION("the flag") {
    w.saving.metadata = cache_metadata{{"cachekey", "flag"}};
    CHECK(w.save() == 0);
    CHECK(w.files.read("cache/key/metadata.json") == R"({"cachekey":"flag"})");
  }
  SECTION("a file that is not there") {
    w.saving.transfer.env_file = w.files.path("nothing");
    CHECK(w.save() == 0);
    CHECK(w.files.read("cache/key/metadata.json") == "{}");
  }
}

TEST_CASE("an archive that is younger than all files stays as it is", "[cache]") {
  save_world w;
  w.files.folder("cache/key");
  w.files.file("cache/key/cache.zip", "as it was", 0600, 4'000'000'000);
  CHECK(w.save() == 0);
  CHECK(w.files.read("cache/key/cache.zip") == "as it was");
  CHECK(w.logged("Archive is up to date!"));
  // One younger file is enough.
  w.files.file("proj/deps/b", "b", 0644, 4'000'000'001);
  CHECK(w.save() == 0);
  CHECK(w.files.read("cache/key/cache.zip").starts_with("PK"));
}

TEST_CASE("an archive that cannot be made leaves the old one and nothing else", "[cache]") {
  save_world w;
  w.files.file("cache/key/cache.zip", "as it was", 0600, 1'500'000'000);
  w.variables["FASTZIP_ARCHIVER_CONCURRENCY"] = "0";
  CHECK(w.save() == 1);
  CHECK(w.log.ends_with("FATAL: concurrency must be at least 1\n"));
  CHECK(w.files.list("cache") == "key/\nkey/cache.zip = as it was\n");
}

TEST_CASE("what killed helpers left beside an archive goes after a day", "[cache]") {
  save_world w;
  auto const now = std::chrono::system_clock::to_time_t(w.time.wall_now());
  auto const put = [&](std::string const& name, std::int64_t age) {
    w.files.file("cache/key/" + name, "x", 0600, now - age);
  };
  for (auto const* const old : {"archive_123", "cache123", "metadata5"}) put(old, 25 * 3600);
  for (auto const* const young : {"archive_1", "cache1"}) put(young, 23 * 3600);
  for (auto const* const other : {"cached", "archive_", "archive_1x"}) put(other, 25 * 3600);
  CHECK(w.save() == 0);
  for (auto const* const gone : {"archive_123", "cache123", "metadata5"}) {
    CHECK_FALSE(w.files.exists(std::string("cache/key/") + gone));
  }
  for (auto const* const kept : {"archive_1", "cache1", "cached", "archive_", "archive_1x"}) {
    CHECK(w.files.exists(std::string("cache/key/") + kept));
  }
}

TEST_CASE("nothing to cache is no failure and leaves the old archive", "[cache]") {
  save_world w;
  w.saving.paths = {"missing"};
  w.files.file("cache/key/cache.zip", "as it was");
  CHECK(w.save() == 0);
  CHECK(w.logged("WARNING: No files to cache.\n"));
  CHECK(w.files.list("cache") == "key/\nkey/cache.zip = as it was\n");
}

TEST_CASE("an archive under the other scheme of keys is taken over", "[cache]") {
  save_world w;
  w.with_store();
  w.saving.alternate_file = w.files.path("cache/other/cache.zip");
  w.files.file("cache/other/cache.zip", "from before", 0600, 4'000'000'000);
  w.answers = {{200}};
  CHECK(w.save() == 0);
  CHECK(w.logged("Renamed alternate cache file to primary"));
  CHECK(w.files.read("cache/key/cache.zip") == "from before");
  CHECK_FALSE(w.files.exists("cache/other/cache.zip"));
  REQUIRE(w.seen.size() == 1);
  CHECK(w.seen[0].body == "from before");
}

TEST_CASE("an upload carries the given headers and says how old the archive is", "[cache]") {
  save_world w;
  w.with_store();
  w.saving.url = "http://user:pass@store.test/bucket/key?sig=1";
  w.saving.headers = {"x-amz-meta-cachekey: a:b", "Host: else.example", "Content-Length: 5",
                      "nonsense", "X-Twice: 1", "x-twice: 2"};
  w.files.file("cache/key/cache.zip", "PK and so on", 0600, 4'000'000'000);
  w.saving.alternate_file.clear();
  w.answers = {{204}};
  CHECK(w.save() == 0);
  REQUIRE(w.seen.size() == 1);
  auto const& put = w.seen[0];
  CHECK(put.line == "PUT /bucket/key?sig=1");
  CHECK(put.body == "PK and so on");
  CHECK(put.fields.get("x-amz-meta-cachekey") == "a:b");
  CHECK(put.fields.get("Host") == "store.test");
  CHECK(put.fields.get("Content-Length") == "12");
  CHECK(put.fields.get("X-Twice") == "2");
  CHECK(put.fields.get("Content-Type") == "application/octet-stream");
  CHECK(put.fields.get("Last-Modified") == "Tue, 02 Oct 2096 07:06:40 GMT");
  CHECK(put.fields.get("Authorization") == "Basic dXNlcjpwYXNz");
  // The permission and the password are nobody's business.
  CHECK(w.logged("Uploading cache.zip to http://store.test/bucket/key\n"));
  CHECK_FALSE(w.logged("sig="));
  CHECK_FALSE(w.logged("pass"));
}

TEST_CASE("each answer to an upload has its number of requests and its end", "[cache]") {
  struct row {
    int status;
    std::size_t requests;
    int code;
  };
  auto const [status, requests, code] = GENERATE(values<row>(
      {{200, 1, 0}, {201, 1, 0}, {204, 1, 0}, {307, 1, 1}, {400, 1, 1}, {403, 1, 1}, {429, 1, 1},
       {500, 3, 1}, {503, 3, 1}}));
  CAPTURE(status);
  save_world w;
  w.with_store();
  w.answers.assign(5, canned_answer{status, {{"Location", "http://gitlab.test/else"}}, ""});
  CHECK(w.save() == code);
  CHECK(w.seen.size() == requests);
  CHECK(w.elapsed() == (requests - 1) * 1s);
  CHECK(w.logged("FATAL: received: ") == (code == 1));
}

TEST_CASE("an upload goes on where a store sends it, asking with GET", "[cache]") {
  save_world w;
  w.with_store();
  w.answers = {{302, {{"Location", "http://gitlab.test/else"}}, ""}, {200}};
  CHECK(w.save() == 0);
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[1].line == "GET /else");
  CHECK(w.seen[1].body.empty());
}

TEST_CASE("what a store says of a failure is told", "[cache]") {
  save_world w;
  w.with_store();
  w.answers = {
      {400, {}, "<?xml?><Error><Code>EntityTooLarge</Code><Message>too large</Message></Error>"}};
  CHECK(w.save() == 1);
  CHECK(w.log.ends_with("FATAL: received: 400 Bad Request. Request failed with code: "
                        "EntityTooLarge, message: too large\n"));
}

TEST_CASE("a dropped upload is sent again, whole", "[cache]") {
  save_world w;
  w.with_store();
  canned_answer drop;
  drop.drop = true;
  w.answers = {drop, {200}};
  CHECK(w.save() == 0);
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[1].body == w.files.read("cache/key/cache.zip"));
  CHECK(w.logged("WARNING: Retrying... error=Put \"http://store.test/bucket/key\": EOF\n"));
}

TEST_CASE("an archive over the limit stays on the machine", "[cache]") {
  auto const limit = GENERATE(10, -1);
  save_world w;
  w.with_store();
  w.saving.max_uploaded_archive_size = limit;
  CHECK(w.save() == 0);
  CHECK(w.seen.empty());
  CHECK(w.logged("is too big (Limit is set to"));
  CHECK(w.files.exists("cache/key/cache.zip"));
}

TEST_CASE("an archive that the store has is not sent again", "[cache]") {
  auto const status = GENERATE(200, 204, 404);
  save_world w;
  w.with_store();
  w.saving.alternate_file.clear();
  w.saving.check_url = "http://store.test/bucket/key?head";
  w.files.file("cache/key/cache.zip", "PK", 0600, 4'000'000'000);
  w.answers = {{status}, {200}};
  CHECK(w.save() == 0);
  CHECK(w.seen.front().line == "HEAD /bucket/key?head");
  CHECK(w.seen.size() == (status == 200 ? 1 : 2));
}

TEST_CASE("the meter of an upload knows how much there is", "[cache]") {
  save_world w;
  w.with_store();
  w.saving.alternate_file.clear();
  w.files.file("cache/key/cache.zip", "PK and so on", 0600, 4'000'000'000);
  w.saving.transfer.meter_frequency = 1s;
  w.answers = {{200}};
  CHECK(w.save() == 0);
  CHECK(w.metered.starts_with("\rUploading cache 0 B/12 B ("));
  CHECK(w.metered.find("\rUploading cache 12 B/12 B (") != std::string::npos);
  CHECK(w.metered.ends_with("\n"));
}

TEST_CASE("what makes no sense is refused before anything is looked at", "[cache]") {
  save_world w;
  SECTION("no archive") {
    w.saving.file.clear();
    CHECK(w.save() == 1);
    CHECK(w.log == "FATAL: Missing --file\n");
  }
  SECTION("a negative chunk") {
    w.saving.transfer.chunk_size = -1;
    CHECK(w.save() == 1);
    CHECK(w.log == "FATAL: invalid cache chunk size -1 (CACHE_CHUNK_SIZE / --chunk-size): must be "
                   "non-negative; use 0 for default 16777216 bytes\n");
  }
  SECTION("a Go Cloud URL") {
    w.saving.gocloud_url = "s3://bucket/key?region=x";
    CHECK(w.save() == 1);
    CHECK(w.logged("FATAL: open blob.Bucket: no driver registered for \"s3\" for URL "
                   "\"s3://bucket/key\""));
  }
  SECTION("a file where the directory should be") {
    w.files.file("cache/key", "in the way");
    CHECK(w.save() == 1);
    CHECK(w.log.ends_with("not a directory\n"));
  }
}

}  // namespace
}  // namespace corunner
