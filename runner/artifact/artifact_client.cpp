#include "runner/artifact/artifact_client.hpp"

#include "net/back_off.hpp"
#include "runner/artifact/transport_failure.hpp"
#include "runner/gitlab/retry.hpp"
#include "runner/observe/retry_log.hpp"

#include <fmt/format.h>

#include <random>

namespace corunner {
namespace {

constexpr std::size_t skipped_body = 64 * 1024;

std::string failure_text(artifact_request const& what, error_code const& ec,
                         std::string const& explanation = {}) {
  auto const& made = what.body_failure;
  auto const cause =
      made && !made->empty() ? "failed to copy content to form: " + *made
      : explanation.empty()  ? cause_of(ec)
                             : explanation;
  auto verb = what.method;
  for (std::size_t i = 1; i < verb.size(); ++i) verb[i] += 'a' - 'A';
  return fmt::format(
      "execute raw request: execute request: couldn't execute {} against {}: {} \"{}\": {}",
      what.method, what.url, verb, what.url, cause);
}

bool is_gateway_failure(int status) { return status == 502 || status == 503 || status == 504; }

std::string_view without_suffix(std::string_view text, std::string_view suffix) {
  return text.ends_with(suffix) ? text.substr(0, text.size() - suffix.size()) : text;
}

}  // namespace

std::string new_request_id() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) id += fmt::format("{:08x}", random());
  return id;
}

std::string form_query(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
  std::string query;
  for (auto const& [key, value] : pairs) {
    if (value.empty()) continue;
    if (!query.empty()) query += '&';
    query.append(key).append("=");
    auto const encoded = net::percent_encode(value);
    for (std::size_t at = 0; at < encoded.size(); ++at) {
      bool const blank = encoded.compare(at, 3, "%20") == 0;
      query += blank ? '+' : encoded[at];
      if (blank) at += 2;
    }
  }
  return query;
}

artifact_client::artifact_client(artifact_context& context, artifact_credentials credentials,
                                 net::http_deadlines deadlines)
    : context_(context),
      credentials_(std::move(credentials)),
      deadlines_(deadlines),
      http_(context.dialer, context.time,
            {.user_agent = context.user_agent,
             .proxies = net::read_proxy_environment(context.variables)}) {}

std::string artifact_client::artifacts_url(std::string const& query) const {
  std::string_view base = credentials_.url;
  while (base.ends_with('/')) base.remove_suffix(1);
  base = without_suffix(base, "/ci");
  return fmt::format("{}/api/v4/jobs/{}/artifacts?{}", base, credentials_.job_id, query);
}

awaitable<result<net::http_response>> artifact_client::exchange(artifact_request const& what,
                                                                std::string const& request_id,
                                                                std::string& explanation) {
  using redirects = artifact_request::redirects;
  auto target = net::parse_url(what.url);
  if (!target) co_return target.error();
  net::http_request request;
  request.method = what.method;
  request.target = std::move(*target);
  request.body = what.body;
  request.deadlines = deadlines_;
  request.tls = credentials_.tls;
  request.follow_redirects = what.how == redirects::followed;
  if (what.token) {
    request.fields.set("JOB-TOKEN", credentials_.token.reveal());
    request.fields.set("X-Request-Id", request_id);
  }
  if (!what.content_type.empty()) request.fields.set("Content-Type", what.content_type);
  if (!what.range.empty()) request.fields.set("Range", what.range);
  request.explanation = &explanation;
  co_return co_await http_.send(std::move(request));
}

awaitable<artifact_reply> artifact_client::send(artifact_request what) {
  artifact_reply reply;
  reply.correlation_id = new_request_id();
  auto const request_id = reply.correlation_id;
  net::back_off pauses{net::back_off::options()};
  for (int sent = 1;; ++sent) {
    std::string explanation;
    auto answer = co_await exchange(what, request_id, explanation);
    if (!answer) {
      reply.error = failure_text(what, answer.error(), explanation);
      reply.away = !what.body_failure || what.body_failure->empty();
      co_return reply;
    }
    if (auto const theirs = answer->fields.find("X-Request-Id"); theirs && !theirs->empty()) {
      reply.correlation_id = *theirs;
    }
    bool const again = what.repeated && gitlab::is_retriable(answer->status);
    if (!again || sent == gitlab::most_attempts) {
      reply.away = is_gateway_failure(answer->status);
      reply.response = std::move(*answer);
      co_return reply;
    }
    auto const pause = gitlab::pause_before_retry(answer->fields, context_.time.wall_now(), pauses);
    log_retry(context_.log, what.method, what.url, pause.length, pause.refused);
    co_await answer->read_all(skipped_body);
    if (auto const ec = co_await context_.time.sleep_for(pause.length)) {
      reply.error = failure_text(what, ec);
      co_return reply;
    }
  }
}

}  // namespace corunner
