#include "runner/artifact/artifacts_uploader.hpp"

#include "exec/archive/extract.hpp"
#include "test/runner/artifact/artifact_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

namespace corunner {
namespace {

using namespace std::chrono_literals;
using test::artifact_world;
using test::canned_answer;
using test::json_answer;

artifacts_uploader_options options_for(artifact_world const& in) {
  artifacts_uploader_options options;
  options.credentials = in.credentials();
  options.paths = {"a.txt"};
  return options;
}

struct upload_world : artifact_world {
  upload_world() { files.file("proj/a.txt", "hello\n"); }
  artifacts_uploader_options options = options_for(*this);
  int upload() { return run(upload_artifacts(context, options)); }
};

// The content of the form's only part.
std::string part_of(test::seen_request const& request) {
  auto const type = std::string(request.fields.get("Content-Type"));
  auto const boundary = type.substr(type.find('=') + 1);
  auto const begin = request.body.find("\r\n\r\n") + 4;
  auto const end = request.body.find("\r\n--" + boundary + "--\r\n");
  REQUIRE(end != std::string::npos);
  return request.body.substr(begin, end - begin);
}

TEST_CASE("an upload is one streamed form with the archive", "[artifact]") {
  upload_world w;
  w.options.type = "archive";
  w.options.format = "zip";
  w.options.expire_in = "1 week";
  w.options.name = "x/say \"hi\"";
  w.answers = {json_answer(201, "{}")};
  CHECK(w.upload() == 0);
  REQUIRE(w.seen.size() == 1);
  auto const& request = w.seen[0];
  CHECK(request.line == "POST /api/v4/jobs/42/artifacts?"
                        "artifact_format=zip&artifact_type=archive&expire_in=1+week");
  CHECK(request.fields.get("JOB-TOKEN") == "job-token-and-more");
  CHECK(request.fields.get("X-Request-Id").size() == 32);
  CHECK(request.fields.get("Transfer-Encoding") == "chunked");
  CHECK(request.body.find("Content-Disposition: form-data; name=\"file\"; "
                          "filename=\"say \\\"hi\\\".zip\"\r\n"
                          "Content-Type: application/octet-stream\r\n\r\nPK") != std::string::npos);
  CHECK(w.log == "a.txt: found 1 matching artifact files and directories\n"
                 "Uploading artifacts as \"archive\" to coordinator... 201 Created "
                 "correlation_id={id} http_status_code=201 id=42 token=job-token\n");
  w.files.file("z.zip", part_of(request));
  CHECK(test::shell(w.files.path(), "unzip -p z.zip a.txt").output == "hello\n");
}

TEST_CASE("incomplete credentials end it at once", "[artifact]") {
  upload_world w;
  w.options.credentials.job_id = 0;
  CHECK(w.upload() == 1);
  CHECK(w.log == "FATAL: Missing build ID\n");
  w.log.clear();
  w.options.credentials.token = {};
  CHECK(w.upload() == 1);
  CHECK(w.log == "FATAL: Missing runner credentials\n");
  CHECK(w.seen.empty());
}

TEST_CASE("nothing to upload is no failure", "[artifact]") {
  upload_world w;
  w.options.paths = {"missing"};
  CHECK(w.upload() == 0);
  CHECK(w.log.ends_with("ERROR: No files to upload\n"));
  CHECK(w.seen.empty());
}

TEST_CASE("each answer has its number of tries and its last words", "[artifact]") {
  struct row {
    int status;
    std::size_t requests;
    std::string_view words;
  };
  auto const [status, requests, words] = GENERATE(values<row>({
      {200, 3, "upload failed with no response from coordinator"},
      {400, 3, "upload failed with no response from coordinator"},
      {401, 3, "upload failed with no response from coordinator"},
      {403, 1, "permission denied"},
      {404, 3, "upload failed with no response from coordinator"},
      {413, 1, "too large"},
      {429, 15, "upload failed with no response from coordinator"},
      {500, 15, "upload failed with no response from coordinator"},
      {501, 3, "upload failed with no response from coordinator"},
      {503, 30, "service unavailable"},
  }));
  CAPTURE(status);
  upload_world w;
  w.answers.assign(40, canned_answer{status});
  CHECK(w.upload() == 1);
  CHECK(w.seen.size() == requests);
  CHECK(w.log.ends_with("FATAL: " + std::string(words) + "\n"));
  // Packed anew every time, and always complete.
  for (auto const& request : w.seen) CHECK(part_of(request).ends_with(std::string(2, '\0')));
}

TEST_CASE("tries are 1, 2, 4 and 5 seconds apart", "[artifact]") {
  upload_world w;
  w.answers = {canned_answer{400}, canned_answer{400}, canned_answer{201}};
  CHECK(w.upload() == 0);
  CHECK(w.elapsed() == 3s);
  CHECK(w.log.find("WARNING: Retrying... context=artifacts-uploader "
                   "error=upload failed with no response from coordinator\n") != std::string::npos);
}

TEST_CASE("Retry-After is waited for below a try", "[artifact]") {
  upload_world w;
  w.answers = {canned_answer{429, {{"Retry-After", "7"}}}, canned_answer{201}};
  CHECK(w.upload() == 0);
  CHECK(w.elapsed() == 7s);
}

TEST_CASE("a refusal's message is logged, an object field by field", "[artifact]") {
  upload_world w;
  w.answers = {json_answer(403, R"({"message":{"file":["is bad","is big"]}})")};
  CHECK(w.upload() == 1);
  CHECK(w.log.find(
            "ERROR: Uploading artifacts to coordinator... POST http://gitlab.test/api/v4/jobs/42/"
            "artifacts: 403 Forbidden (file: is bad; is big) ") != std::string::npos);
}

TEST_CASE("a connection that drops is tried again", "[artifact]") {
  upload_world w;
  canned_answer drop;
  drop.drop = true;
  w.answers = {drop, canned_answer{201}};
  CHECK(w.upload() == 0);
  CHECK(w.seen.size() == 2);
}

TEST_CASE("while GitLab is away an upload goes on, up to the limit it was given", "[artifact]") {
  upload_world w;
  w.options.outage_timeout = 30s;
  canned_answer drop;
  drop.drop = true;
  SECTION("it comes back") {
    w.answers.assign(6, drop);
    w.answers.push_back(canned_answer{201});
    CHECK(w.upload() == 0);
    CHECK(w.seen.size() == 7);
    CHECK(w.elapsed() == 1s + 2s + 4 * 5s);
  }
  SECTION("it stays away") {
    w.answers.assign(40, drop);
    CHECK(w.upload() == 1);
    CHECK(w.elapsed() == 1s + 2s + 6 * 5s);
  }
  SECTION("an answer that is no outage counts as before") {
    w.answers = {drop, drop, canned_answer{400}};
    CHECK(w.upload() == 1);
    CHECK(w.seen.size() == 3);
  }
}

TEST_CASE("an upload goes where GitLab sends it, the token only within its origin", "[artifact]") {
  upload_world w;
  w.answers = {canned_answer{307, {{"Location", "http://store.test/take/it"}}}, canned_answer{201}};
  CHECK(w.upload() == 0);
  REQUIRE(w.seen.size() == 2);
  CHECK(w.seen[1].line == "POST /take/it");
  CHECK_FALSE(w.seen[1].fields.contains("JOB-TOKEN"));
  CHECK(part_of(w.seen[1]) == part_of(w.seen[0]));

  upload_world same;
  same.answers = {canned_answer{307, {{"Location", "/elsewhere"}}}, canned_answer{201}};
  CHECK(same.upload() == 0);
  REQUIRE(same.seen.size() == 2);
  CHECK(same.seen[1].fields.get("JOB-TOKEN") == "job-token-and-more");
}

TEST_CASE("a circle of redirects ends after ten", "[artifact]") {
  upload_world w;
  w.answers.assign(40, canned_answer{307, {{"Location", "/api/v4/jobs/42/artifacts"}}});
  CHECK(w.upload() == 1);
  CHECK(w.seen.size() == 30);
  CHECK(w.log.ends_with("stopped after 10 redirects\n"));
}

TEST_CASE("an unknown format makes no request but uses up the tries", "[artifact]") {
  upload_world w;
  w.options.format = "rar";
  CHECK(w.upload() == 1);
  CHECK(w.seen.empty());
  CHECK(w.elapsed() == 3s);
  CHECK(w.log.ends_with("\"rar\" format: unsupported archive format\n"));
}

TEST_CASE("an archive that cannot be made says why", "[artifact]") {
  upload_world w;
  w.files.file("proj/b.txt", "b");
  w.options.paths = {"*"};
  w.options.format = "raw";
  CHECK(w.upload() == 1);
  CHECK(w.log.ends_with("failed to copy content to form: only one file can be sent as raw\n"));
}

TEST_CASE("settings of the archiver that make no sense fail the upload", "[artifact]") {
  auto const [name, value, why] = GENERATE(table<std::string, std::string, std::string>({
      {"FASTZIP_ARCHIVER_CONCURRENCY", "0", "concurrency must be at least 1"},
      {"FASTZIP_ARCHIVER_CONCURRENCY", "many",
       "fastzip archiver concurrency: strconv.ParseInt: parsing \"many\": invalid syntax"},
      {"ARCHIVER_STAGING_DIR", "/nowhere/at/all",
       "fastzip archiver unable to create temporary directory: stat /nowhere/at/all: no such file "
       "or directory"},
  }));
  upload_world w;
  w.variables[name] = value;
  CHECK(w.upload() == 1);
  CHECK(w.log.ends_with("failed to copy content to form: " + why + "\n"));
}

TEST_CASE("paths and name are expanded, commands refused", "[artifact]") {
  upload_world w;
  w.variables["FILE"] = "a.txt";
  w.options.paths = {"${FILE:-none}", "$(id)"};
  w.options.name = "$FILE";
  w.answers = {canned_answer{201}};
  CHECK(w.upload() == 0);
  CHECK(w.seen[0].body.find("filename=\"a.txt.zip\"") != std::string::npos);
  CHECK(w.log.starts_with("WARNING: invalid path \"\": unexpected command substitution at 1:1\n"));
}

TEST_CASE("a bad level falls back, with a warning", "[artifact]") {
  upload_world w;
  w.options.compression_level = "extreme";
  w.answers = {canned_answer{201}};
  CHECK(w.upload() == 0);
  CHECK(
      w.log.find("WARNING: compression level \"extreme\" is invalid, falling back to default\n") !=
      std::string::npos);
}

TEST_CASE("the meter shows begin and end", "[artifact]") {
  upload_world w;
  w.options.meter_frequency = 1s;
  w.answers = {canned_answer{201}};
  CHECK(w.upload() == 0);
  CHECK(w.metered.starts_with("\rUploading artifacts 0 B (0 B/s)"));
  CHECK(w.metered.ends_with("\n"));
}

TEST_CASE("a time limit of zero or less is none", "[artifact]") {
  auto const limit = GENERATE(0ms, -1000ms);
  upload_world w;
  w.options.timeout = limit;
  w.options.response_header_timeout = limit;
  w.answers = {canned_answer{201}};
  CHECK(w.upload() == 0);
  CHECK(w.seen.size() == 1);
}

TEST_CASE("debugging shows what came back", "[artifact]") {
  upload_world w;
  w.options.debug_trace = true;
  w.answers = {json_answer(201, "{\"id\":1}")};
  CHECK(w.upload() == 0);
  CHECK(w.log.find("WARNING: received response body={\"id\":1} correlation_id={id}") !=
        std::string::npos);
  CHECK(w.log.find("header[Content-Type]=[application/json]") != std::string::npos);
}

TEST_CASE("a statement of provenance goes along and stays", "[artifact]") {
  upload_world w;
  auto& how = w.options.provenance;
  how.generate = true;
  how.schema_version = "v1";
  how.repo_url = "https://gitlab.test/group/project";
  how.started_at = "2026-01-02T03:04:05Z";
  how.ended_at = "2026-01-02T03:05:05Z";
  w.options.name = "out";
  w.answers = {canned_answer{201}};
  CHECK(w.upload() == 0);
  auto const statement = w.files.read("proj/out-metadata.json");
  CHECK(statement.find("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03") !=
        std::string::npos);
  w.files.file("z.zip", part_of(w.seen[0]));
  CHECK(test::shell(w.files.path(), "unzip -p z.zip out-metadata.json").output == statement);
  how.started_at = "yesterday";
  w.log.clear();
  CHECK(w.upload() == 1);
  CHECK(w.log.find("FATAL: parsing time \"yesterday\"") != std::string::npos);
}

}  // namespace
}  // namespace corunner
