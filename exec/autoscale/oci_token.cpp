// How an oci_registry answers a registry that wants to know who we are.

#include "exec/autoscale/oci_registry.hpp"
#include "net/http_text.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace corunner::exec {

namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr std::size_t token_limit = 1 << 20;

std::string scope_of(std::string_view repository) {
  return fmt::format("repository:{}:pull", repository);
}

// "token" is what docker's specification names it, "access_token" OAuth 2.0.
std::string token_in(std::string_view answer) {
  error_code broken;
  auto const tree = json::parse(answer, broken);
  auto const* const members = broken ? nullptr : tree.if_object();
  for (std::string_view const name : {"token", "access_token"}) {
    auto const* const found = members ? members->if_contains(name) : nullptr;
    if (found && found->is_string() && !found->get_string().empty()) {
      return std::string(found->get_string());
    }
  }
  return {};
}

net::http_request token_request(net::url realm, oci_challenge const& challenge,
                                std::string_view repository,
                                std::optional<registry_login> const& login) {
  auto const service = challenge.parameter("service");
  net::http_request out;
  out.target = std::move(realm);
  out.fields.set("Accept", "application/json");
  out.deadlines.response_header = 60s;
  out.deadlines.idle = 60s;
  out.deadlines.total = 2min;
  auto query = fmt::format("service={}&scope={}", net::percent_encode(service),
                           net::percent_encode(scope_of(repository)));
  if (login && !login->identity_token.empty()) {
    out.method = "POST";
    out.fields.set("Content-Type", "application/x-www-form-urlencoded");
    out.body = net::http_body::of(
        fmt::format("grant_type=refresh_token&client_id=corunner&{}&refresh_token={}", query,
                    net::percent_encode(login->identity_token.reveal())));
    out.follow_redirects = false;
    return out;
  }
  if (login) {
    query += "&account=" + net::percent_encode(login->user);
    out.fields.set("Authorization", net::basic_credentials(login->user, login->password.reveal()));
  }
  if (!out.target.query.empty()) out.target.query += '&';
  out.target.query += query;
  return out;
}

}  // namespace

awaitable<oci_registry::reply> oci_registry::answer(std::vector<oci_challenge> challenges,
                                                    std::string repository) {
  auto const bearer = std::ranges::find(challenges, "bearer", &oci_challenge::scheme);
  if (bearer != challenges.end()) co_return co_await fetch_token(*bearer, repository);
  reply out;
  if (std::ranges::find(challenges, "basic", &oci_challenge::scheme) == challenges.end()) {
    out.failure =
        fmt::format("registry '{}' asks for credentials of a kind that is not known here", host_);
  } else if (!login_ || login_->user.empty()) {
    out.failure = fmt::format(
        "registry '{0}' wants a user and a password: fleeting login --username USER "
        "--password-stdin {0}",
        host_);
  } else {
    authorization_ = net::basic_credentials(login_->user, login_->password.reveal());
  }
  co_return out;
}

awaitable<oci_registry::reply> oci_registry::fetch_token(oci_challenge challenge,
                                                         std::string repository) {
  reply out;
  auto const realm = net::parse_url(challenge.parameter("realm"));
  if (!realm) {
    out.failure =
        fmt::format("registry '{}' names no token server: {}", host_, realm.error().message());
    co_return out;
  }
  if (login_ && scheme_ == "https" && !realm->secure()) {
    out.failure = fmt::format("registry '{}' would have our credentials sent in plain text to '{}'",
                              host_, realm->origin());
    co_return out;
  }
  auto const shown = fmt::format("token server '{}'", realm->origin());
  auto got = co_await exchange(token_request(*realm, challenge, repository, login_), shown);
  if (!got.response) co_return got;
  int const status = got.response->status;
  auto const body = co_await got.response->read_all(token_limit);
  auto const token = body && status == 200 ? token_in(*body) : std::string();
  out.passing = is_passing(status);
  if (status == 401 || status == 403) {
    out.failure = fmt::format(
        "{0} of registry '{1}' refuses {2}: fleeting login --username USER --password-stdin {1}",
        shown, host_, who());
  } else if (token.empty()) {
    out.failure = fmt::format("{} gives no token: it answers {}", shown, status);
  } else {
    authorization_ = "Bearer " + token;
  }
  co_return out;
}

}  // namespace corunner::exec
