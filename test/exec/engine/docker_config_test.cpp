#include "exec/engine/docker_config.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::exec;

namespace {

docker_config read(std::string_view text) {
  auto const parsed = docker_config::parse(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

registry_login login_of(std::string user, std::string password) {
  return {std::move(user), secret(std::move(password)), {}};
}

}  // namespace

TEST_CASE("the login of a registry is found under all names that docker's tools write",
          "[docker][credentials]") {
  // "user:pass:word"
  auto const* const key = GENERATE("registry.example.com", "https://registry.example.com",
                                   "registry.example.com/v2/", "http://registry.example.com/v1/");
  CAPTURE(key);
  auto const config =
      read("{\"auths\": {\"" + std::string(key) + "\": {\"auth\": \"dXNlcjpwYXNzOndvcmQ=\"}}}");
  CHECK(config.login("registry.example.com") == login_of("user", "pass:word"));
  CHECK_FALSE(config.login("registry.example.com:5000"));
  CHECK_FALSE(config.login("example.com"));
}

TEST_CASE("Docker Hub has one login by all its names", "[docker][credentials]") {
  auto const config = read(
      R"({"auths": {"https://index.docker.io/v1/": {"username": "me", "password": "secret"}}})");
  CHECK(config.login("docker.io") == login_of("me", "secret"));
  CHECK(config.login("index.docker.io") == login_of("me", "secret"));
  CHECK(registry_key("docker.io") == "https://index.docker.io/v1/");
  CHECK(registry_key("https://registry.example.com:5000/v2/") == "registry.example.com:5000");
}

TEST_CASE("an identity token is a login without a password", "[docker][credentials]") {
  auto const config =
      read(R"({"auths": {"r.example.com": {"auth": "", "identitytoken": "token"}}})");
  CHECK(config.login("r.example.com") == registry_login{"", {}, secret("token")});
}

TEST_CASE("what is no login is none", "[docker][credentials]") {
  auto const* const entry =
      GENERATE("{}", "null", "1", "[]", R"({"auth": "dXNlcg=="})", R"({"auth": "not base64!"})",
               R"({"auth": 1})", R"({"password": "alone"})");
  CAPTURE(entry);
  auto const config = read("{\"auths\": {\"r.example.com\": " + std::string(entry) + "}}");
  CHECK_FALSE(config.login("r.example.com"));
}

TEST_CASE("the helper of a registry goes before that of all", "[docker][credentials]") {
  auto const config = read(R"({"credsStore": "pass", "credHelpers": {"gcr.io": "gcloud"}})");
  CHECK(config.helper("gcr.io") == "gcloud");
  CHECK(config.helper("r.example.com") == "pass");
  CHECK(read("{}").helper("gcr.io") == "");
}

TEST_CASE("a login is put into the file and everything else is kept as it is",
          "[docker][credentials]") {
  auto config =
      read(R"({"HttpHeaders": {"A": "b"}, "auths": {"old.example.com": {"auth": "b2xkOm9sZA=="}},)"
           R"( "detachKeys": "ctrl-e"})");
  config.put("r.example.com", login_of("user", "pass"));
  config.put("old.example.com", login_of("new", "new"));
  config.put_name("kept.example.com");
  CHECK(config.text() == R"({
	"HttpHeaders": {
		"A": "b"
	},
	"auths": {
		"old.example.com": {
			"auth": "bmV3Om5ldw=="
		},
		"r.example.com": {
			"auth": "dXNlcjpwYXNz"
		},
		"kept.example.com": {}
	},
	"detachKeys": "ctrl-e"
}
)");
  auto const again = read(config.text());
  CHECK(again.login("r.example.com") == login_of("user", "pass"));
  CHECK(again.text() == config.text());
}

TEST_CASE("a file that cannot be read is refused without showing it", "[docker][credentials]") {
  auto const* const text =
      GENERATE("{", "[]", "secret", R"({"auths": 1})", R"({"credHelpers": []})");
  CAPTURE(text);
  auto const parsed = docker_config::parse(text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().message.find("secret") == std::string::npos);
}

TEST_CASE("an empty file is an empty configuration", "[docker][credentials]") {
  CHECK(read(" \n").text() == "{}\n");
}
