#include "runner/cache/store_client.hpp"

#include "net/http_text.hpp"
#include "runner/artifact/reply_text.hpp"
#include "runner/artifact/transport_failure.hpp"

#include <fmt/format.h>

namespace corunner {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t body_limit = 1 << 20;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// "%zz": no URL, for all who sign them.
std::string bad_escape(std::string_view url) {
  for (auto at = url.find('%'); at != std::string_view::npos; at = url.find('%', at + 1)) {
    if (at + 2 >= url.size() || !is_hex(url[at + 1]) || !is_hex(url[at + 2])) {
      return std::string(url.substr(at, 3));
    }
  }
  return {};
}

transfer_outcome bad_url(std::string const& url, std::string_view why) {
  return {fmt::format("parse \"{}\": {}", clean_url(url), why), true};
}

net::http_deadlines deadlines_within(std::chrono::minutes limit) {
  net::http_deadlines made;
  made.total = limit;
  made.idle = limit;
  made.response_header = 30s;
  return made;
}

}  // namespace

std::string clean_url(std::string_view url) {
  auto text = std::string(url.substr(0, url.find_first_of("?#")));
  auto const host = text.find("://");
  if (host == std::string::npos) return text;
  auto const path = text.find('/', host + 3);
  auto const at = text.rfind('@', path);
  if (at != std::string::npos && at > host) text.erase(host + 3, at - host - 2);
  return text;
}

std::string store_error_text(std::string_view body) {
  auto const root = body.find("<Error");
  if (root == std::string_view::npos) return {};
  auto const code = xml_element(body.substr(root), "Code");
  auto const message = xml_element(body.substr(root), "Message");
  if (code.empty() && message.empty()) return {};
  std::string text = ". Request failed with ";
  if (!code.empty()) text += fmt::format("code: {}", code);
  if (!message.empty()) text += fmt::format(", message: {}", message);
  return text;
}

store_client::store_client(artifact_context& context, std::chrono::minutes limit)
    : deadlines_(deadlines_within(limit)),
      http_(context.dialer, context.time,
            {.user_agent = context.user_agent,
             .proxies = net::read_proxy_environment(context.variables)}) {}

awaitable<store_reply> store_client::exchange(net::http_request request,
                                              std::string const& shown) {
  std::string explanation;
  request.explanation = &explanation;
  auto verb = request.method;
  for (std::size_t i = 1; i < verb.size(); ++i) verb[i] += 'a' - 'A';
  store_reply reply;
  auto answer = co_await http_.send(std::move(request));
  if (answer) {
    reply.response = std::move(*answer);
    co_return reply;
  }
  auto const why = explanation.empty() ? cause_of(answer.error()) : explanation;
  reply.failure = {fmt::format("{} \"{}\": {}", verb, shown, why), true};
  co_return reply;
}

awaitable<store_reply> store_client::send(store_request what) {
  auto const escape = bad_escape(what.url);
  auto target = net::parse_url(what.url);
  if (!escape.empty() || !target) {
    auto const why = escape.empty() ? target.error().message()
                                    : fmt::format("invalid URL escape \"{}\"", escape);
    store_reply refused;
    refused.failure = bad_url(what.url, why);
    co_return refused;
  }
  bool const put = what.method == "PUT";
  net::http_request request;
  request.method = what.method;
  request.target = std::move(*target);
  request.fields = std::move(what.fields);
  request.body = std::move(what.body);
  request.deadlines = deadlines_;
  request.follow_redirects = !put;
  auto const& user = request.target.user;
  if (!user.empty() && !request.fields.contains("Authorization")) {
    request.fields.set("Authorization", net::basic_credentials(user, request.target.password));
  }
  auto again = request;
  auto reply = co_await exchange(std::move(request), clean_url(what.url));
  int const status = reply.response ? reply.response->status : 0;
  if (!put || status < 301 || status > 303) co_return reply;
  auto const location = std::string(reply.response->fields.get("Location"));
  auto next = net::resolve_url(again.target, location);
  if (location.empty() || !next) co_return reply;
  if (next->origin() != again.target.origin()) again.fields.erase("Authorization");
  again.method = "GET";
  again.target = std::move(*next);
  again.fields.erase("Content-Type");
  again.body = {};
  again.follow_redirects = true;
  auto const shown = again.target.origin() + again.target.path;
  co_return co_await exchange(std::move(again), shown);
}

awaitable<transfer_outcome> store_client::judge(net::http_response& response) {
  auto const body = co_await response.read_all(body_limit);
  auto text = "received: " + status_line(response) + store_error_text(body ? *body : "");
  co_return transfer_outcome{std::move(text), response.status / 100 == 5};
}

}  // namespace corunner
