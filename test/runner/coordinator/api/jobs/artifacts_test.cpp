#include "runner/coordinator/api/body/multipart.hpp"
#include "runner/coordinator/api/jobs/dotenv.hpp"
#include "runner/coordinator/api/jobs/expire_in.hpp"
#include "test/runner/coordinator/world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>
#include <libdeflate.h>

using namespace corunner;
using namespace std::chrono_literals;
using test::coordinator_world;

namespace {

std::string form(std::string const& bytes, std::string const& filename = "artifacts.zip") {
  return "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename +
         "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + bytes + "\r\n--B--\r\n";
}

test::answer upload(coordinator_world& world, boost::json::value const& job,
                    std::string const& query, std::string const& body) {
  net::http_fields fields{{"JOB-TOKEN", std::string(job.at("token").as_string())},
                          {"Content-Type", "multipart/form-data; boundary=B"}};
  return world.call("POST", fmt::format("/jobs/{}/artifacts?{}", job.at("id").as_int64(), query),
                    body, fields);
}

test::answer download(coordinator_world& world, boost::json::value const& reader, std::int64_t of,
                      std::string const& range = {}) {
  net::http_fields fields{{"JOB-TOKEN", std::string(reader.at("token").as_string())}};
  if (!range.empty()) fields.set("Range", range);
  return world.call("GET", fmt::format("/jobs/{}/artifacts?direct_download=true", of), {}, fields);
}

std::string gzip(std::string const& text) {
  auto* const packer = libdeflate_alloc_compressor(6);
  std::string packed(libdeflate_gzip_compress_bound(packer, text.size()), '\0');
  packed.resize(
      libdeflate_gzip_compress(packer, text.data(), text.size(), packed.data(), packed.size()));
  libdeflate_free_compressor(packer);
  return packed;
}

constexpr auto two_stages =
    "a:\n  stage: build\n  script: x\n  artifacts:\n    paths: [out]\nb:\n  stage: test\n  script: x\n";

}  // namespace

TEST_CASE("a multipart body is taken apart however it is cut", "[coordinator][multipart]") {
  std::size_t const piece = GENERATE(1, 2, 3, 7, 1000);
  CAPTURE(piece);
  std::vector<std::string> seen;
  coordinator::multipart_parser taken("B");
  taken.part_begins = [&](coordinator::multipart_part const& part) {
    seen.push_back(part.name + "|" + part.filename + "|");
  };
  taken.part_data = [&](std::string_view data) { seen.back() += data; };
  taken.part_ends = [&] { seen.back() += "|end"; };
  std::string const good =
      "ignored\r\n--B\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n\r\n--B\r\n"
      "content-disposition: form-data; filename=\"a \\\"b\\\".zip\"; name=\"file\"\r\n\r\n"
      "one\r\n-B\r\n--\r\ntwo\r\n--B--\r\nafter";
  for (std::size_t at = 0; at < good.size(); at += piece) {
    REQUIRE(taken.feed(std::string_view(good).substr(at, piece)));
  }
  CHECK(taken.finished());
  CHECK(seen ==
        std::vector<std::string>{"kind|||end", "file|a \"b\".zip|one\r\n-B\r\n--\r\ntwo|end"});
}

TEST_CASE("a boundary is found in a content type", "[coordinator][multipart]") {
  CHECK(coordinator::boundary_of("multipart/form-data; boundary=abc") == "abc");
  CHECK(coordinator::boundary_of("Multipart/Form-Data; charset=x; boundary=\"a b\"") == "a b");
  CHECK(coordinator::boundary_of("application/json").empty());
}

TEST_CASE("how long artifacts are kept is read as people write it", "[coordinator][artifacts]") {
  struct row {
    char const* text;
    std::optional<std::chrono::seconds> kept;
  };
  auto const [text, kept] = GENERATE(values<row>({
      {"1 week", 7 * 24h},
      {"3 mins 4 sec", 184s},
      {"2 hrs and 20 min", 140min},
      {"6 mos 1 day", 181 * 24h},
      {"42", 42s},
      {"1h30m", 90min},
      {"never", std::nullopt},
      {"", 30 * 24h},
      {"soon", 30 * 24h},
      {"3 fortnights", 30 * 24h},
  }));
  CAPTURE(text);
  CHECK(coordinator::parse_expire_in(text) == kept);
}

TEST_CASE("dotenv reports are read as strictly as GitLab does", "[coordinator][dotenv]") {
  auto const good = coordinator::parse_dotenv("A=1\n B = two = 2 \nA=3\n");
  REQUIRE(good.variables.size() == 2);
  CHECK(good.variables[0].value == "3");
  CHECK(good.variables[1].value == "two = 2");
  CHECK(coordinator::parse_dotenv("\xef\xbb\xbf" "A=1\r\n").variables[0].value == "1");
  CHECK(coordinator::parse_dotenv(std::string_view("\xff\xfe"
                                                   "A\0=\0\xe9\0",
                                                   8))
            .variables[0]
            .value == "\xc3\xa9");
  for (auto const* const bad : {"A\n", "A=1\n\nB=2\n", "# no\n", "A-B=1\n", "=1\n"}) {
    CAPTURE(bad);
    CHECK(coordinator::parse_dotenv(bad).refusal == "Invalid Format");
  }
  std::string many;
  for (int i = 0; i < 21; ++i) many += fmt::format("A{}=1\n", i);
  CHECK(coordinator::parse_dotenv(many).refusal ==
        "Dotenv files cannot have more than 20 variables");
  CHECK(coordinator::parse_gzipped_dotenv(gzip("A=" + std::string(6000, 'x'))).refusal ==
        "Dotenv Artifact Too Big. Maximum Allowable Size: 5120");
  CHECK(coordinator::parse_gzipped_dotenv("no gzip").refusal == "Invalid Format");
  CHECK(coordinator::parse_gzipped_dotenv(gzip("A=1")).variables.size() == 1);
}

TEST_CASE("an uploaded archive is a later job's to download", "[coordinator][artifacts]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(two_stages);
  auto const first = world.take_job("glrt-one");
  std::string bytes(700'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
  auto const stored = upload(
      world, first, "artifact_format=zip&artifact_type=archive&expire_in=1+week", form(bytes));
  CHECK(stored.status == 201);
  CHECK(stored.body == "201");
  CHECK(upload(world, first, "", form(bytes)).status == 201);
  CHECK(upload(world, first, "", form("other")).body ==
        R"({"message":"another artifact of the same type already exists"})");
  world.put_job(first, "success");

  auto const second = world.take_job("glrt-one");
  auto const& dependency = second.at("dependencies").at(0);
  CHECK(dependency.at("id") == first.at("id"));
  CHECK(dependency.at("artifacts_file").at("size") == 700'000);
  CHECK(dependency.at("token") == second.at("token"));
  auto const got = download(world, second, 1);
  CHECK(got.status == 200);
  CHECK(got.field("Content-Disposition") == "attachment; filename=\"artifacts.zip\"");
  CHECK((got.body == bytes));
  auto const part = download(world, second, 1, "bytes=10-19");
  CHECK(part.status == 206);
  CHECK(part.field("Content-Range") == "bytes 10-19/700000");
  CHECK((part.body == bytes.substr(10, 10)));
  CHECK(download(world, second, 1, "bytes=-5").body == bytes.substr(bytes.size() - 5));
  CHECK(download(world, second, 1, "bytes=700000-").status == 416);
  CHECK(download(world, second, 2).status == 404);
  CHECK(download(world, first, 1).status == 401);
  CHECK(world.admin_call("GET", "/projects/1/jobs/1/artifacts").body.size() == bytes.size());
}

TEST_CASE("uploads that cannot be stored leave nothing behind", "[coordinator][artifacts]") {
  coordinator::server_options small;
  small.artifact_limit = 100;
  coordinator_world world(small);
  world.add_runner("glrt-one");
  world.add_pipeline(two_stages);
  auto const job = world.take_job("glrt-one");
  auto const big = upload(world, job, "", form(std::string(101, 'x')));
  CHECK(big.status == 413);
  CHECK(big.body == R"({"message":"file size has reached maximum size limit"})");
  CHECK(upload(world, job, "artifact_type=cat", form("x")).body ==
        R"({"error":"artifact_type does not have a valid value"})");
  CHECK(upload(world, job, "", "--B\r\nnothing").status == 400);
  CHECK(upload(world, job, "", form("x").substr(0, 100)).status == 400);
  CHECK(std::filesystem::is_empty(world.directory.path() / "artifacts"));
  world.put_job(job, "success");
  auto const late = upload(world, job, "", form("x"));
  CHECK(late.status == 403);
  CHECK(late.field("Job-Status") == "success");
}

TEST_CASE("dotenv reports become variables of the jobs after", "[coordinator][dotenv]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(two_stages);
  auto const first = world.take_job("glrt-one");
  std::string const query = "artifact_format=gzip&artifact_type=dotenv";
  CHECK(upload(world, first, query, form(gzip("oops"))).body == R"({"message":"Invalid Format"})");
  CHECK(upload(world, first, query, form(gzip("WHERE=here\n"), ".env.gz")).status == 201);
  world.put_job(first, "success");
  auto const second = world.take_job("glrt-one");
  bool found = false;
  for (auto const& variable : second.at("variables").as_array()) {
    found = found || (variable.at("key") == "WHERE" && variable.at("value") == "here");
  }
  CHECK(found);
}

TEST_CASE("a job whose dependency has expired fails when it is asked for",
          "[coordinator][artifacts]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(two_stages);
  auto const first = world.take_job("glrt-one");
  upload(world, first, "expire_in=1+hour", form("x"));
  world.put_job(first, "success");
  world.time.advance(1h);
  CHECK(world.request_job("glrt-one").status == 204);
  CHECK(world.in->data.jobs.find(2)->failure_reason == "missing_dependency_failure");
}

TEST_CASE("an erased job has neither trace nor artifacts", "[coordinator][artifacts]") {
  coordinator_world world;
  world.add_runner("glrt-one");
  world.add_pipeline(two_stages);
  auto const job = world.take_job("glrt-one");
  upload(world, job, "", form("x"));
  world.patch_trace(job, "0-0", "x");
  CHECK(world.admin_call("POST", "/projects/1/jobs/1/erase").status == 403);
  world.put_job(job, "success");
  CHECK(world.admin_call("POST", "/projects/1/jobs/1/erase").status == 201);
  CHECK(world.admin_call("GET", "/projects/1/jobs/1/trace").body.empty());
  CHECK(world.admin_call("GET", "/projects/1/jobs/1/artifacts").status == 404);
}
