// What a person reads when a call of the Runners API fails.

#include "runner/gitlab/refusal.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace corunner::gitlab;
using kind = refusal::kind;

namespace {

management_answer answer_of(int status, std::string body, std::string type = "application/json") {
  management_answer out;
  out.method = "GET";
  out.target = net::parse_url("https://gitlab.test/api/v4/runners/6?token=glrt-hidden").value();
  out.status = status;
  out.body = std::move(body);
  out.content_type = std::move(type);
  return out;
}

credentials_used const person{"$GITLAB_TOKEN", false};

bool has(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a refusal says what happened, where, and what to do", "[gitlab][runners]") {
  struct row {
    int status;
    std::string body;
    kind what;
    std::string expected;
  };
  std::string const at = "GET https://gitlab.test/api/v4/runners/6: ";
  auto const& [status, body, what, expected] = GENERATE_COPY(values<row>({
      {401, R"({"message":"401 Unauthorized"})", kind::not_allowed,
       "401 Unauthorized; the access token of $GITLAB_TOKEN is wrong, revoked or expired; make one at "
       "https://gitlab.test/-/user_settings/personal_access_tokens"},
      {401,
       R"({"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."})",
       kind::not_allowed,
       "401 Unauthorized (Token was revoked. You have to re-authorize from the user.); the access token of "
       "$GITLAB_TOKEN is wrong, revoked or expired; make one at "
       "https://gitlab.test/-/user_settings/personal_access_tokens"},
      {403, R"({"message":"403 Forbidden - No access granted"})", kind::not_allowed,
       "403 Forbidden (No access granted); whoever owns the access token has no right to do that; it takes an "
       "owner, a maintainer or an administrator"},
      {403, R"({"message":"403 Forbidden - Runner is locked"})", kind::not_allowed,
       "403 Forbidden (Runner is locked)"},
      {403, R"({"message":"403 Forbidden"})", kind::not_allowed,
       "403 Forbidden; whoever owns the access token has no right to do that; it takes an owner, a maintainer or "
       "an administrator"},
      {403,
       R"({"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api read_api"})",
       kind::not_allowed,
       "403 Forbidden (The request requires higher privileges than provided by the access token.); the access "
       "token of $GITLAB_TOKEN lacks a scope: one of these would do: api read_api"},
      {404, R"({"message":"404 Runner Not Found"})", kind::not_found,
       "404 Not Found (Runner Not Found); there is none, or the owner of the access token may not see it"},
      {404, R"({"error":"404 Not Found"})", kind::not_found,
       "404 Not Found; this GitLab does not have the call, or not for you"},
      {410, R"({"message":"410 Gone - runner registration disallowed"})", kind::not_found,
       "410 Gone (runner registration disallowed); registration tokens are switched off here: make the runner "
       "with `runners create`, or `register` with --instance, --group or --project"},
      {400, R"({"message":{"maximum_timeout":["needs to be at least 10 minutes"]}})", kind::refused,
       "400 Bad Request (maximum_timeout: needs to be at least 10 minutes)"},
      {400, R"({"error":"status does not have a valid value"})", kind::refused,
       "400 Bad Request (status does not have a valid value)"},
      {429,
       R"({"message":{"error":"This endpoint has been requested too many times. Try again later."}})",
       kind::unavailable,
       "429 Too Many Requests (error: This endpoint has been requested too many times. Try again later.); too "
       "many requests: try again later"},
      {502, "", kind::unavailable, "502 Bad Gateway; the server has trouble: try again later"},
  }));
  auto const said = explain(answer_of(status, body), person);
  CHECK(said.text == at + expected);
  CHECK(said.what == what);
}

TEST_CASE("without an access token a 401 tells how to give one", "[gitlab][runners]") {
  auto const said = explain(answer_of(401, R"({"message":"401 Unauthorized"})"), {});
  CHECK(has(said.text, "; give an access token: $GITLAB_TOKEN or --access-token-file FILE"));
}

TEST_CASE("a URL that only redirects is named as the cause of a 401", "[gitlab][runners]") {
  auto answer = answer_of(401, "{}");
  answer.moved_to = "https://new.test";
  CHECK(has(explain(answer, person).text,
            "the server sent us to https://new.test, where no token follows: use that URL"));
}

TEST_CASE("a runner's token that is refused is not blamed on a person", "[gitlab][runners]") {
  auto const said = explain(answer_of(403, R"({"message":"403 Forbidden"})"), {"", true});
  CHECK(
      said.text ==
      "GET https://gitlab.test/api/v4/runners/6: 403 Forbidden; GitLab does not know this token, or no longer");
}

TEST_CASE("pages that no GitLab sends make one doubt the URL", "[gitlab][runners]") {
  CHECK(has(explain(answer_of(404, "<html>", "text/html"), person).text,
            "; is the URL that of a GitLab, without the path of a project?"));
  CHECK(has(explain(answer_of(200, "<html>", "text/html"), person).text,
            "200 OK, but not the JSON that was expected; is the URL that of a GitLab?"));
}

TEST_CASE("the time that a busy server asks for is told", "[gitlab][runners]") {
  auto answer = answer_of(429, "");
  answer.retry_after = std::chrono::seconds(90);
  CHECK(has(explain(answer, person).text, "; too many requests: try again in 90 s"));
}

TEST_CASE("no answer at all: the network's own words and what to look at", "[gitlab][runners]") {
  auto answer = answer_of(-1, "");
  answer.failure = "GET https://gitlab.test/api/v4/runners: connection refused";
  auto said = explain(answer, person);
  CHECK(said.what == kind::unavailable);
  CHECK(said.text == answer.failure + "; check the URL, the network and whether the server runs");
  answer.failure =
      "GET https://gitlab.test/api/v4/runners: x509: certificate signed by unknown authority";
  CHECK(explain(answer, person).text ==
        answer.failure + "; give the file of the server's authority with --tls-ca-file");
}

TEST_CASE("no refusal shows what stood behind the question mark", "[gitlab][runners]") {
  for (int const status : {400, 401, 403, 404, 410, 429, 500}) {
    CHECK_FALSE(has(explain(answer_of(status, "{}"), person).text, "hidden"));
  }
}
