#include "test/runner/gitlab/api_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::gitlab;
using test::api_world;
using test::canned_answer;

namespace {

job_key key() { return {7, secret("job-token")}; }

artifact_upload upload(std::string content) {
  artifact_upload out;
  out.file_name = "artifacts.zip";
  out.type = "archive";
  out.format = "zip";
  out.content = net::http_body::of(std::move(content));
  return out;
}

// Collects a download; refuses when told to.
struct sink {
  std::string bytes;
  error_code refusal;
  download_sink take() {
    return [this](std::string_view part) -> awaitable<error_code> {
      bytes.append(part);
      co_return refusal;
    };
  }
};

}  // namespace

TEST_CASE("an archive is uploaded as the one part of a form", "[gitlab][artifacts]") {
  api_world world;
  auto client = world.client();
  world.answers = {{201}, {201}, {201}};
  auto what = upload("PK content");
  what.expire_in = "1 week";
  what.file_name = "a\"b.zip";
  CHECK(world.ask(client.upload_artifact(key(), what)).what == upload_outcome::stored);
  auto const& request = world.seen[0];
  CHECK(request.line ==
        "POST /api/v4/jobs/7/artifacts?artifact_format=zip&artifact_type=archive&expire_in=1+week");
  CHECK(request.fields.get("JOB-TOKEN") == "job-token");
  auto const type = std::string(request.fields.get("Content-Type"));
  REQUIRE(type.starts_with("multipart/form-data; boundary="));
  auto const boundary = type.substr(type.find('=') + 1);
  CHECK(request.body == "--" + boundary +
                            "\r\nContent-Disposition: form-data; name=\"file\"; "
                            "filename=\"a%22b.zip\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                            "PK content\r\n--" +
                            boundary + "--\r\n");
  CHECK(request.fields.get("Content-Length") == std::to_string(request.body.size()));

  what.content.length.reset();
  world.ask(client.upload_artifact(key(), what));
  CHECK(world.seen[1].fields.get("Transfer-Encoding") == "chunked");
  CHECK(world.seen[1].body.find("PK content\r\n--") != std::string::npos);

  artifact_upload bare;
  bare.file_name = "x";
  bare.content = net::http_body::of("");
  world.ask(client.upload_artifact(key(), bare));
  CHECK(world.seen[2].line == "POST /api/v4/jobs/7/artifacts?");
}

TEST_CASE("answers to an upload", "[gitlab][artifacts]") {
  using enum upload_outcome;
  struct row {
    canned_answer answer;
    upload_outcome what;
    std::size_t attempts = 1;
  };
  auto const& [answer, what, attempts] = GENERATE(values<row>({
      {{201}, stored},
      {{403}, forbidden},
      {{413}, too_large},
      {{503}, unavailable, 5},
      {{500}, failed, 5},
      {{400}, failed},
      {{307}, failed},
      {{.drop = true}, failed},
  }));
  CAPTURE(answer.status);
  api_world world;
  auto client = world.client();
  for (int i = 0; i < 6; ++i) world.answers.push_back(answer);
  auto const got = world.ask(client.upload_artifact(key(), upload("x")));
  CHECK(got.what == what);
  CHECK(got.message.empty() == (what == stored));
  CHECK(world.seen.size() == attempts);
}

TEST_CASE("an upload that is sent elsewhere is replayed there, without our token",
          "[gitlab][artifacts]") {
  api_world world;
  auto client = world.client();
  world.answers = {{307, {{"Location", "http://store.test/up?x=1"}}}, {201}};
  CHECK(world.ask(client.upload_artifact(key(), upload("x"))).what == upload_outcome::stored);
  REQUIRE(world.seen.size() == 2);
  CHECK(world.seen[1].line == "POST /up?x=1");
  CHECK(world.seen[1].body == world.seen[0].body);
  CHECK_FALSE(world.seen[1].fields.contains("JOB-TOKEN"));
}

TEST_CASE("an archive is downloaded to a sink", "[gitlab][artifacts]") {
  api_world world;
  auto client = world.client();
  std::string const content(300'000, 'z');
  world.answers = {{200, {}, content}, {200, {}, "direct"}};
  sink to;
  CHECK(world.ask(client.download_artifact(key(), false, to.take())).what ==
        download_outcome::stored);
  CHECK(to.bytes == content);
  CHECK(world.seen[0].line == "GET /api/v4/jobs/7/artifacts?");
  CHECK(world.seen[0].fields.get("JOB-TOKEN") == "job-token");
  sink direct;
  CHECK(world.ask(client.download_artifact(key(), true, direct.take())).what ==
        download_outcome::stored);
  CHECK(direct.bytes == "direct");
  CHECK(world.seen[1].line == "GET /api/v4/jobs/7/artifacts?direct_download=true");
}

TEST_CASE("a direct download asks again and follows, without our token", "[gitlab][artifacts]") {
  api_world world;
  auto client = world.client();
  canned_answer const there{302, {{"Location", "http://store.test/blob?signature=s"}}};
  world.answers = {there, there, {200, {}, "blob"}};
  sink to;
  CHECK(world.ask(client.download_artifact(key(), true, to.take())).what ==
        download_outcome::stored);
  CHECK(to.bytes == "blob");
  REQUIRE(world.seen.size() == 3);
  CHECK(world.seen[0].line == world.seen[1].line);
  CHECK(world.seen[2].line == "GET /blob?signature=s");
  CHECK_FALSE(world.seen[2].fields.contains("JOB-TOKEN"));
}

TEST_CASE("answers to a download", "[gitlab][artifacts]") {
  using enum download_outcome;
  struct row {
    canned_answer answer;
    download_outcome what;
    std::string message;
  };
  std::string const call = "GET http://gitlab.test/api/v4/jobs/7/artifacts: ";
  auto const& [answer, what, message] = GENERATE_COPY(values<row>({
      {{401}, forbidden, ""},
      {{403}, forbidden, ""},
      {{403,
        {{"Content-Type", "application/xml"}},
        "<?xml?><Error><Code>AccessDenied</Code><Message>no</Message></Error>"},
       forbidden,
       "403 Forbidden (AccessDenied: no)"},
      {{404}, not_found, "404 Not Found"},
      {{400}, failed, "400 Bad Request"},
      {{.drop = true}, failed, ""},
  }));
  CAPTURE(answer.status);
  api_world world;
  auto client = world.client();
  world.answers = {answer};
  sink to;
  auto const got = world.ask(client.download_artifact(key(), false, to.take()));
  CHECK(got.what == what);
  CHECK_FALSE(got.message.empty());
  CHECK(got.message.starts_with(call));
  CHECK(got.message.ends_with(message));
  CHECK(to.bytes.empty());
}

TEST_CASE("a sink that cannot store ends the download", "[gitlab][artifacts]") {
  api_world world;
  auto client = world.client();
  world.answers = {{200, {}, "content"}};
  sink to;
  to.refusal = make_error_code(boost::system::errc::no_space_on_device);
  auto const got = world.ask(client.download_artifact(key(), false, to.take()));
  CHECK(got.what == download_outcome::failed);
  CHECK(got.message.ends_with("No space left on device"));
}
