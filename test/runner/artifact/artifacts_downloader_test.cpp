#include "runner/artifact/artifacts_downloader.hpp"

#include "runner/artifact/ranged_transfer.hpp"
#include "test/exec/archive/craft.hpp"
#include "test/runner/artifact/artifact_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using test::artifact_world;
using test::canned_answer;
using test::craft_zip;

struct download_world : artifact_world {
  download_world() { options.credentials = credentials(); }
  artifacts_downloader_options options;
  int download() { return run(download_artifacts(context, options)); }
  canned_answer archive() const { return {200, {}, craft_zip({{"d/a", "hello"}})}; }
  canned_answer to_store(int status) const {
    return {status, {{"Location", "http://store.test/bucket/object?sig=abc"}}, ""};
  }
};

TEST_CASE("an archive is fetched and unpacked, and nothing stays behind", "[artifact]") {
  download_world w;
  w.answers = {w.archive()};
  CHECK(w.download() == 0);
  REQUIRE(w.seen.size() == 1);
  CHECK(w.seen[0].line == "GET /api/v4/jobs/42/artifacts");
  CHECK(w.seen[0].fields.get("JOB-TOKEN") == "job-token-and-more");
  CHECK(w.files.list() == "proj/\nproj/d/\nproj/d/a = hello\ntmp/\n");
  CHECK(w.log ==
        "Downloading artifacts from coordinator... ok correlation_id={id} host=gitlab.test "
        "http_status_code=200 id=42 token=job-token\n");
}

TEST_CASE("each answer has its number of requests and its last words", "[artifact]") {
  struct row {
    int status;
    std::size_t requests;
    std::string_view words;
  };
  auto const [status, requests, words] = GENERATE(values<row>({
      {400, 3, "invalid argument"},
      {401, 1, "permission denied"},
      {403, 1, "permission denied"},
      {404, 1, "file does not exist"},
      {500, 15, "invalid argument"},
  }));
  auto const direct = GENERATE(false, true);
  CAPTURE(status, direct);
  download_world w;
  w.options.direct_download = direct;
  w.answers.assign(20, canned_answer{status});
  CHECK(w.download() == 1);
  // The first request of a direct download is not repeated by itself.
  CHECK(w.seen.size() == (direct && status == 500 ? 11 : requests));
  CHECK(w.log.ends_with("FATAL: " + std::string(words) + "\n"));
  CHECK(w.files.list() == "proj/\ntmp/\n");
}

TEST_CASE("a direct download asks twice and keeps the token from the store", "[artifact]") {
  auto const status = GENERATE(302, 307);
  download_world w;
  w.options.direct_download = true;
  w.answers = {w.to_store(status), w.to_store(status), w.archive()};
  CHECK(w.download() == 0);
  REQUIRE(w.seen.size() == 3);
  CHECK(w.seen[0].line == "GET /api/v4/jobs/42/artifacts?direct_download=true");
  CHECK(w.seen[1].line == w.seen[0].line);
  CHECK(w.seen[2].line == "GET /bucket/object?sig=abc");
  CHECK_FALSE(w.seen[2].fields.contains("JOB-TOKEN"));
  CHECK(w.log.starts_with("Direct download from store.test correlation_id={id}"));
  CHECK(w.files.read("proj/d/a") == "hello");
}

TEST_CASE("the log says why an object store refused a download", "[artifact]") {
  auto const [type, body, words] = GENERATE(table<std::string, std::string, std::string>({
      {"application/xml",
       "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
       "403 Forbidden (AccessDenied: Request has expired)"},
      {"text/xml; charset=utf-8", "<Error><Message>no</Message></Error>", "403 Forbidden"},
      {"text/html", "<Code>x</Code>", "403 Forbidden"},
      {"application/json", "{", "403 Forbidden"},
      {"application/json", "{\"message\":\"no\"}",
       "GET http://gitlab.test/api/v4/jobs/42/artifacts: 403 Forbidden (no)"},
  }));
  CAPTURE(type, body);
  download_world w;
  w.answers = {{403, {{"Content-Type", type}}, body}};
  CHECK(w.download() == 1);
  CHECK(w.log.find(" status=" + words + " token=") != std::string::npos);
}

TEST_CASE("a download whose connection drops is tried again", "[artifact]") {
  download_world w;
  canned_answer drop;
  drop.drop = true;
  w.answers = {drop, w.archive()};
  CHECK(w.download() == 0);
  CHECK(w.seen.size() == 2);
  CHECK(w.files.read("proj/d/a") == "hello");
}

TEST_CASE("while GitLab is away a download goes on, up to the limit it was given", "[artifact]") {
  download_world w;
  w.options.outage_timeout = 30s;
  canned_answer drop;
  drop.drop = true;
  w.answers.assign(5, drop);
  w.answers.push_back(w.archive());
  CHECK(w.download() == 0);
  CHECK(w.elapsed() == 2 * 1s + 3 * 5s);
}

TEST_CASE("a complete body that is no archive is final", "[artifact]") {
  download_world w;
  w.answers = {{200, {}, "<html>sign in</html>"}};
  CHECK(w.download() == 1);
  CHECK(w.seen.size() == 1);
  CHECK(w.log.ends_with("FATAL: zip: not a valid zip file\n"));
}

TEST_CASE("a large object is fetched in ranges without a token", "[artifact]") {
  download_world w;
  w.options.direct_download = true;
  w.variables["FF_USE_PARALLEL_ARTIFACT_TRANSFER"] = "true";
  auto const archive = craft_zip({{"big", std::string(20 << 20, 'b')}});
  auto const first = archive.substr(0, 16 << 20);
  auto const total = "/" + std::to_string(archive.size());
  w.answers = {w.to_store(302),
               {206, {{"Content-Range", "bytes 0-0" + total}}, "P"},
               {206, {}, first},
               {206, {}, archive.substr(first.size())}};
  CHECK(w.download() == 0);
  REQUIRE(w.seen.size() == 4);
  CHECK(w.seen[1].fields.get("Range") == "bytes=0-0");
  CHECK(w.seen[2].fields.get("Range") == "bytes=0-16777215");
  for (std::size_t i = 1; i < 4; ++i) CHECK_FALSE(w.seen[i].fields.contains("JOB-TOKEN"));
  CHECK(w.files.read("proj/big").size() == 20 << 20);
}

TEST_CASE("a range that is short means one stream after all", "[artifact]") {
  download_world w;
  w.options.direct_download = true;
  w.variables["FF_USE_PARALLEL_ARTIFACT_TRANSFER"] = "true";
  w.answers = {w.to_store(302),
               {206, {{"Content-Range", "bytes 0-0/20000000"}}, "P"},
               {206, {}, "short"},
               {206, {}, "short"},
               w.to_store(302),
               w.archive()};
  CHECK(w.download() == 0);
  CHECK(w.files.read("proj/d/a") == "hello");
}

TEST_CASE("what is missing on the command line is told, all of it", "[artifact]") {
  download_world w;
  w.options.credentials = {};
  CHECK(w.download() == 1);
  CHECK(w.log == "WARNING: Missing URL (--url)\nWARNING: Missing runner credentials (--token)\n"
                 "WARNING: Missing build ID (--id)\nFATAL: Incomplete arguments\n");
}

TEST_CASE("a staging directory that is not there is told", "[artifact]") {
  download_world w;
  w.options.staging_directory = w.files.path("nowhere");
  CHECK(w.download() == 1);
  CHECK(w.log.starts_with("FATAL: open " + w.files.path("nowhere/artifacts")));
}

TEST_CASE("the total of a range is read", "[artifact]") {
  CHECK(total_of_range("bytes 0-0/123") == 123);
  CHECK_FALSE(total_of_range("bytes 0-0/*"));
  CHECK_FALSE(total_of_range("items 0-0/5"));
  CHECK_FALSE(total_of_range(""));
}

}  // namespace
}  // namespace corunner
