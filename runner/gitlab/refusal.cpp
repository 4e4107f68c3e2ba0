#include "runner/gitlab/refusal.hpp"

#include "net/http_text.hpp"
#include "runner/gitlab/answer_text.hpp"
#include "runner/gitlab/api_call.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace corunner::gitlab {

namespace {

namespace json = boost::json;
using kind = refusal::kind;

// What the body of a refusal says, in either of GitLab's two shapes (runners-api.md 1.2).
struct said {
  std::string words;       // without "404 ", which stands before already
  std::string code;        // of the token layer: "insufficient_scope"
  std::string scopes;      // that would do
  bool is_gitlab = false;  // it looks like an answer of GitLab's API
};

std::string text_at(json::object const& from, std::string_view name) {
  auto const* const value = from.if_contains(name);
  return value ? message_of(*value) : std::string();
}

std::string without_status(std::string words, int status) {
  auto const number = fmt::format("{} ", status);
  if (words.starts_with(number)) words.erase(0, number.size());
  return words;
}

said read(management_answer const& answer) {
  said out;
  error_code broken;
  auto const tree = json::parse(answer.body, broken);
  if (!answer.is_json() || broken || !tree.is_object()) return out;
  auto const& members = tree.get_object();
  out.code = text_at(members, "error");
  out.scopes = text_at(members, "scope");
  auto const description = text_at(members, "error_description");
  out.words = text_at(members, "message");
  if (out.words.empty()) out.words = description.empty() ? out.code : description;
  out.is_gitlab = !out.words.empty();
  out.words = without_status(std::move(out.words), answer.status);
  return out;
}

kind kind_of(int status) {
  if (status < 0) return status == url_unusable ? kind::refused : kind::unavailable;
  if (status == 401 || status == 403) return kind::not_allowed;
  if (status == 404 || status == 410) return kind::not_found;
  return status == 429 || status >= 500 ? kind::unavailable : kind::refused;
}

std::string advice_for_transport(std::string const& failure) {
  if (failure.find("x509: certificate signed by unknown authority") != std::string::npos) {
    return "give the file of the server's authority with --tls-ca-file";
  }
  if (failure.find("x509:") != std::string::npos) return "";
  return "check the URL, the network and whether the server runs";
}

std::string advice_for_401(management_answer const& answer, credentials_used const& by) {
  if (!answer.moved_to.empty()) {
    return fmt::format("the server sent us to {}, where no token follows: use that URL",
                       answer.moved_to);
  }
  if (by.access_token.empty()) {
    return "give an access token: $GITLAB_TOKEN or --access-token-file FILE";
  }
  return fmt::format(
      "the access token of {} is wrong, revoked or expired; make one at {}/-/user_settings/personal_access_tokens",
      by.access_token, answer.target.origin());
}

std::string advice_for_403(said const& what, credentials_used const& by) {
  if (what.code == "insufficient_scope") {
    auto const scopes =
        what.scopes.empty() ? std::string() : ": one of these would do: " + what.scopes;
    return fmt::format("the access token of {} lacks a scope{}", by.access_token, scopes);
  }
  if (by.runner_token) return "GitLab does not know this token, or no longer";
  // Words of its own say it better: "Runner is locked".
  bool const bare = what.words.ends_with("Forbidden") ||
                    what.words.ends_with("No access granted") ||
                    what.words.ends_with("Insufficient permissions");
  if (!bare && !what.words.empty()) return "";
  return "whoever owns the access token has no right to do that; it takes an owner, a maintainer or an "
         "administrator";
}

std::string advice_for(management_answer const& answer, said const& what,
                       credentials_used const& by) {
  auto const status = answer.status;
  if (status == url_unusable) return "expected https://HOST";
  if (status < 0) return advice_for_transport(answer.failure);
  if (status / 100 == 2) return "is the URL that of a GitLab?";
  if (status == 401) return advice_for_401(answer, by);
  if (status == 403) return advice_for_403(what, by);
  if (status == 404 && !what.is_gitlab) {
    return "is the URL that of a GitLab, without the path of a project?";
  }
  if (status == 404 && what.words == "Not Found") {
    return "this GitLab does not have the call, or not for you";
  }
  if (status == 404) return "there is none, or the owner of the access token may not see it";
  if (status == 410) {
    return "registration tokens are switched off here: make the runner with `runners create`, or "
           "`register` with --instance, --group or --project";
  }
  if (status == 429 && answer.retry_after) {
    return fmt::format("too many requests: try again in {} s", answer.retry_after->count());
  }
  if (status == 429) return "too many requests: try again later";
  return status >= 500 ? "the server has trouble: try again later" : "";
}

}  // namespace

refusal explain(management_answer const& answer, credentials_used const& by) {
  refusal out;
  out.what = kind_of(answer.status);
  said what;
  if (answer.status < 0) {
    out.text = answer.failure;
  } else {
    what = read(answer);
    auto const reason = net::status_text(answer.status);
    out.text =
        transport_text(answer.method, answer.target, fmt::format("{} {}", answer.status, reason));
    // GitLab likes to begin with the reason: "Forbidden - No access granted".
    auto words = what.words;
    auto const begin = fmt::format("{} - ", reason);
    if (words.starts_with(begin)) words.erase(0, begin.size());
    if (!words.empty() && words != reason) out.text += fmt::format(" ({})", words);
    if (answer.ok()) out.text += ", but not the JSON that was expected";
  }
  if (auto const advice = advice_for(answer, what, by); !advice.empty()) out.text += "; " + advice;
  return out;
}

}  // namespace corunner::gitlab
