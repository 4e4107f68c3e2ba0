#include "test/exec/autoscale/registry_world.hpp"

#include "net/http_text.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::test {

namespace {

using namespace exec;

// A registry that wants a token of auth.test, which gives one to whom it knows.
struct guarded : registry_world {
  explicit guarded(std::optional<registry_login> login)
      : registry(client, time, "r.test", std::move(login)) {
    content["r.test/v2/group/plugin/manifests/1"] = {200, "{}"};
    content["r.test/v2/group/plugin/manifests/2"] = {200, "[]"};
    answer = [this](asked const& what) -> std::optional<told> {
      if (what.where.starts_with("auth.test")) return token;
      if (what.authorization == "Bearer good") return std::nullopt;
      return told{401, "", {{"WWW-Authenticate", challenge}}};
    };
  }

  config::outcome<std::string> manifest(std::string reference) {
    running<config::outcome<std::string>> const got(
        *this, registry.manifest("group/plugin", std::move(reference)));
    REQUIRE(got.value);
    return *got.value;
  }

  std::string challenge = R"(Bearer realm="https://auth.test/token",service="r.test")";
  told token{200, R"({"token": "good"})"};
  oci_registry registry;
};

registry_login const login{"user", secret("pass"), {}};

}  // namespace

TEST_CASE("nobody gets a token for what everybody may read", "[autoscale][token]") {
  guarded g(std::nullopt);
  CHECK(g.manifest("1").value() == "{}");
  REQUIRE(g.seen.size() == 3);
  CHECK(g.seen[1].method == "GET");
  CHECK(g.seen[1].where ==
        "auth.test/token?service=r.test&scope=repository%3Agroup%2Fplugin%3Apull");
  CHECK(g.seen[1].authorization == "");
  SECTION("and it is used again") {
    CHECK(g.manifest("2").value() == "[]");
    CHECK(g.seen.size() == 4);
  }
}

TEST_CASE("the token server is told user and password, the registry is not", "[autoscale][token]") {
  guarded g(login);
  g.challenge = R"(Bearer realm="https://auth.test/token?a=b",service="r.test")";
  g.token.body = R"({"access_token": "good"})";
  CHECK(g.manifest("1").value() == "{}");
  REQUIRE(g.seen.size() == 3);
  CHECK(g.seen[0].authorization == "");
  CHECK(g.seen[1].where ==
        "auth.test/token?a=b&service=r.test&scope=repository%3Agroup%2Fplugin%3Apull&account=user");
  CHECK(g.seen[1].authorization == net::basic_credentials("user", "pass"));
  CHECK(g.seen[2].authorization == "Bearer good");
}

TEST_CASE("an identity token is changed for one of the registry", "[autoscale][token]") {
  guarded g(registry_login{"", {}, secret("identity/1")});
  CHECK(g.manifest("1").value() == "{}");
  REQUIRE(g.seen.size() == 3);
  CHECK(g.seen[1].method == "POST");
  CHECK(g.seen[1].where == "auth.test/token");
  CHECK(
      g.seen[1].body ==
      "grant_type=refresh_token&client_id=corunner&service=r.test&scope=repository%3Agroup%2Fplugin%3Apull"
      "&refresh_token=identity%2F1");
}

TEST_CASE("who is refused a token is told how to log in", "[autoscale][token]") {
  guarded g(login);
  g.token = {401, R"({"errors": [{"message": "pass is wrong"}]})"};
  auto const got = g.manifest("1");
  CHECK(got.error().message ==
        "token server 'https://auth.test' of registry 'r.test' refuses user 'user': "
        "fleeting login --username USER --password-stdin r.test");
}

TEST_CASE("a token that the registry does not take is not asked for again", "[autoscale][token]") {
  guarded g(login);
  g.token.body = R"({"token": "bad"})";
  CHECK(g.manifest("1").error().message ==
        "registry 'r.test' does not let user 'user' read 'group/plugin'");
  CHECK(g.seen.size() == 3);
}

TEST_CASE("a token server that gives none is said", "[autoscale][token]") {
  guarded g(login);
  for (auto const* const body : {"", "{}", "[]", R"({"token": ""})", R"({"token": 1})"}) {
    CAPTURE(body);
    g.token = {200, body};
    CHECK(g.manifest("1").error().message ==
          "token server 'https://auth.test' gives no token: it answers 200");
  }
}

TEST_CASE("a token server in trouble is asked again", "[autoscale][token]") {
  guarded g(login);
  auto const good = std::exchange(g.token, {503, ""});
  running<config::outcome<std::string>> const got(g, g.registry.manifest("group/plugin", "1"));
  CHECK_FALSE(got.value);
  g.token = good;
  g.advance(std::chrono::seconds(1));
  REQUIRE(got.value);
  CHECK(got.value->value() == "{}");
}

TEST_CASE("credentials never go out in plain text because a registry says so",
          "[autoscale][token]") {
  guarded g(login);
  g.challenge = R"(Bearer realm="http://auth.test/token")";
  CHECK(g.manifest("1").error().message ==
        "registry 'r.test' would have our credentials sent in plain text to 'http://auth.test'");
  CHECK(g.seen.size() == 1);
}

TEST_CASE("a registry without a token server takes user and password itself",
          "[autoscale][token]") {
  guarded g(login);
  g.challenge = R"(Basic realm="r")";
  auto const guard = g.answer;
  g.answer = [guard](registry_world::asked const& what) -> std::optional<registry_world::told> {
    if (what.authorization == net::basic_credentials("user", "pass")) return std::nullopt;
    return guard(what);
  };
  CHECK(g.manifest("1").value() == "{}");
  CHECK(g.seen.size() == 2);
}

TEST_CASE("who has no login is told that one is wanted", "[autoscale][token]") {
  guarded g(std::nullopt);
  g.challenge = R"(Basic realm="r")";
  CHECK(
      g.manifest("1").error().message ==
      "registry 'r.test' wants a user and a password: fleeting login --username USER --password-stdin r.test");
  g.challenge = "Negotiate";
  CHECK(g.manifest("1").error().message ==
        "registry 'r.test' asks for credentials of a kind that is not known here");
}

}  // namespace corunner::test
