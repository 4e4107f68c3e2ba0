#include "runner/command/management_client.hpp"

#include "runner/observe/retry_log.hpp"

#include <boost/json/parse.hpp>

namespace corunner {

namespace {

gitlab::api_options options_of(services& all, gitlab_access const& access) {
  gitlab::api_options out;
  out.url = access.url;
  out.tls = access.tls;
  out.waiting = [log = all.log](std::string const& method, net::url const& target,
                                gitlab::retry_pause const& pause) {
    auto shown = target;
    shown.query.clear();
    log_retry(log, method, shown.to_string(), pause.length, pause.refused);
  };
  return out;
}

}  // namespace

management_client::management_client(services& all, gitlab_access access)
    : access_(std::move(access)),
      http_(all.connections, all.time,
            {.user_agent = gitlab::user_agent(),
             .proxies = net::read_proxy_environment(all.variables)}),
      client_(http_, all.time, options_of(all, access_)) {}

awaitable<gitlab::management_answer> management_client::call(gitlab::management_call what,
                                                             bool by_runner_token) {
  if (!by_runner_token) what.access_token = access_.token;
  co_return co_await client_.manage(std::move(what));
}

awaitable<management_client::found_number> management_client::number_at(std::string path) {
  gitlab::management_call what;
  what.path = std::move(path);
  auto const answer = co_await call(std::move(what));
  error_code broken;
  auto const tree = boost::json::parse(answer.body, broken);
  found_number out;
  if (answer.ok() && !broken) out.number = gitlab::identity_of(tree).id;
  if (out.number == 0) out.why = refusal_of(answer);
  co_return out;
}

gitlab::refusal management_client::refusal_of(gitlab::management_answer const& answer,
                                              bool by_runner_token) const {
  return gitlab::explain(answer, {.access_token = by_runner_token ? std::string() : access_.origin,
                                  .runner_token = by_runner_token});
}

}  // namespace corunner
