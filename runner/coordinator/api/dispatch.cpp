#include "runner/coordinator/api/dispatch.hpp"

#include "net/error.hpp"
#include "runner/coordinator/api/body/utf8_text.hpp"
#include "runner/coordinator/api/knobs/faulty_exchange.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/git/git_http.hpp"
#include "runner/coordinator/token.hpp"
#include "runner/gitlab/retry.hpp"

#include <fmt/format.h>

namespace corunner::coordinator {

namespace {

// Empty when it is absent or no text.
std::string_view text_of(api_request const& request, std::string_view name) {
  auto const* const found = request.params.find(name);
  return found && found->is_string() ? std::string_view(found->as_string()) : std::string_view();
}

}  // namespace

net::http_fields standard_fields(net::http_exchange const& exchange, net::http_fields more) {
  auto const asked = exchange.fields.get("X-Request-Id");
  more.set("X-Frame-Options", "SAMEORIGIN");
  more.set("X-Content-Type-Options", "nosniff");
  more.set("X-Request-Id", asked.empty() ? make_hex(32) : std::string(asked));
  return more;
}

awaitable<error_code> send(net::http_exchange& exchange, reply answer) {
  auto fields = standard_fields(exchange, std::move(answer.fields));
  co_return co_await exchange.respond(answer.status, std::move(fields), std::move(answer.body));
}

dispatcher::dispatcher(context& in) : in_(in) {
  // Literal paths before those with ":id": the first that fits is taken.
  router_.add(registration_routes());
  router_.add(registration_token_routes());
  router_.add(runner_list_routes());
  router_.add(runner_assignment_routes());
  router_.add(runner_routes());
  router_.add(runner_job_routes());
  router_.add(job_request_routes());
  router_.add(job_update_routes());
  router_.add(artifact_routes());
  router_.add(project_routes());
  router_.add(lint_routes());
  router_.add(instance_routes());
  if (!in.options.test_endpoints) return;
  router_.add(fault_routes());
  router_.add(rate_limit_routes());
  router_.add(test_world_routes());
}

awaitable<void> dispatcher::handle(net::http_exchange& exchange) {
  std::string fault;
  try {
    co_await route_request(exchange);
    co_return;
  } catch (database_error const& error) {
    fault = error.what();
  } catch (std::filesystem::filesystem_error const& error) {
    fault = error.what();
  }
  if (in_.failed) in_.failed(fmt::format("{} {}: {}", exchange.method, exchange.path, fault));
  if (exchange.answered()) co_return exchange.drop();
  co_await send(exchange, message_reply(500, "500 Internal Server Error"));
}

awaitable<void> dispatcher::route_request(net::http_exchange& exchange) {
  if (exchange.path.starts_with("/api/v4/")) co_return co_await handle_api(exchange);
  if (exchange.path.starts_with("/api/v3/")) {
    co_await send(exchange, error_reply(410, "API V3 is no longer supported. Use API V4 instead."));
    co_return;
  }
  if (is_git_path(exchange.path)) co_return co_await handle_git(exchange);
  co_await send(exchange, error_reply(404, "404 Not Found"));
}

awaitable<void> dispatcher::handle_api(net::http_exchange& exchange) {
  auto path = std::string_view(exchange.path);
  path.remove_prefix(std::string_view("/api/v4").size());
  auto routed = router_.find(exchange.method, path);
  if (!routed.found && routed.allowed.empty()) {
    co_await send(exchange, error_reply(404, "404 Not Found"));
    co_return;
  }
  if (!routed.found) {
    co_await send(exchange, error_reply(405, "405 Not Allowed").with("Allow", routed.allowed));
    co_return;
  }
  api_request request{exchange, std::move(routed.captures), {}, {}};
  bool readable = request.params.add_query(exchange.query);
  for (auto const& part : request.captures) readable = readable && is_utf8(part);
  if (!readable) {
    co_await send(exchange, error_reply(400, "the request cannot be read"));
    co_return;
  }
  if (routed.found->body_limit > 0) {
    auto body = co_await exchange.read_all(routed.found->body_limit);
    if (!body && body.error() == net::errc::body_too_large) {
      co_await send(exchange, message_reply(413, "413 Request Entity Too Large"));
      co_return;
    }
    if (!body) co_return exchange.drop();
    request.body = std::move(*body);
    if (!request.params.add_body(exchange.fields.get("Content-Type"), request.body)) {
      co_await send(exchange, error_reply(400, "the request body cannot be read"));
      co_return;
    }
  }
  if (auto refusal = rate_limited(*routed.found, request)) {
    co_await send(exchange, std::move(*refusal));
    co_return;
  }
  if (in_.faults.any() && !routed.found->path.starts_with("/_test/")) {
    co_return co_await run_with_fault(*routed.found, request);
  }
  co_await run(*routed.found, request);
}

// By the token that the request shows: a runner's or a job's (runners-api.md 5.10).
std::optional<reply> dispatcher::rate_limited(route const& entry, api_request const& request) {
  if (!in_.limits.any()) return std::nullopt;
  auto const now = in_.now();
  auto token = text_of(request, "token");
  if (token.empty()) token = request.field("JOB-TOKEN");
  auto const over = in_.limits.count(entry.name, token, now);
  if (!over) return std::nullopt;
  auto const seconds = (over->reset_at - now + 999) / 1000;
  return too_many_requests()
      .with("Retry-After", std::to_string(seconds))
      .with("RateLimit-Name", entry.name)
      .with("RateLimit-Limit", std::to_string(over->requests))
      .with("RateLimit-Observed", std::to_string(over->observed))
      .with("RateLimit-Remaining", "0")
      .with("RateLimit-Reset", std::to_string(over->reset_at / 1000))
      .with("RateLimit-ResetTime", gitlab::http_date(to_wall(over->reset_at)));
}

awaitable<void> dispatcher::handle_git(net::http_exchange& exchange) {
  auto const chosen = in_.faults.take({.endpoint = "git"}, in_.time.now());
  if (!chosen) co_return co_await serve_git(in_, exchange);
  auto const truly = [this](net::http_exchange& between) { return serve_git(in_, between); };
  co_await falsify(exchange, *chosen, truly);
}

awaitable<void> dispatcher::run(route const& entry, api_request& request) {
  if (auto const* const slow = std::get_if<slow_handler>(&entry.handler)) {
    co_await (*slow)(in_, request);
    co_return;
  }
  reply answer = std::get<plain_handler>(entry.handler)(in_, request);
  co_await send(request.exchange, std::move(answer));
}

awaitable<void> dispatcher::run_with_fault(route const& entry, api_request& request) {
  bool const of_job = entry.path.starts_with("/jobs/:id");
  fault_subject const subject{.endpoint = entry.name, .state = text_of(request, "state"),
                              .job = of_job ? request.number(0).value_or(0) : 0,
                              .token = text_of(request, "token")};
  auto const chosen = in_.faults.take(subject, in_.time.now());
  if (!chosen) co_return co_await run(entry, request);
  auto const truly = [&](net::http_exchange& between) -> awaitable<void> {
    api_request inner{between, request.captures, request.params, request.body};
    co_await run(entry, inner);
  };
  co_await falsify(request.exchange, *chosen, truly);
}

awaitable<void> dispatcher::falsify(net::http_exchange& exchange, fault const& how,
                                    std::function<awaitable<void>(net::http_exchange&)> truly) {
  if (how.delay.count() > 0) co_await in_.time.sleep_for(how.delay);
  bool const falsified = how.drop || how.status != 0;
  if (!falsified || how.perform) {
    faulty_exchange between(exchange, in_.time, how);
    co_await truly(between);
  }
  if (how.drop) co_return exchange.drop();
  if (!falsified) co_return;
  reply lie = message_reply(how.status, fmt::format("{} Fault", how.status));
  if (how.body) lie.body = *how.body;
  if (how.status == 204) lie.body.clear();
  lie.fields = false_fields(how);
  co_await send(exchange, std::move(lie));
}

}  // namespace corunner::coordinator
