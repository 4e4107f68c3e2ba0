#include "test/system/support/fake_gitlab.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <charconv>

namespace corunner::test {

namespace {

int usual_status(std::string const& method) {
  if (method == "POST") return 201;
  return method == "PATCH" ? 202 : 200;
}

std::size_t first_byte(std::string_view content_range) {
  std::size_t first = 0;
  std::from_chars(content_range.data(), content_range.data() + content_range.size(), first);
  return first;
}

}  // namespace

std::string fake_gitlab::call::text(std::string_view key) const {
  auto const* const found = json.if_contains(key);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

fake_gitlab::fake_gitlab(event_loop& loop)
    : loop_(loop),
      began_(loop.time.now()),
      peer_(loop, [this](net::http_exchange& exchange) { return handle(exchange); }) {}

awaitable<void> fake_gitlab::handle(net::http_exchange& exchange) {
  auto body = co_await exchange.read_all(64 << 20);
  if (!body) co_return exchange.drop();
  call one{.at = std::chrono::duration<double>(loop_.time.now() - began_).count(),
           .method = exchange.method,
           .path = exchange.path,
           .fields = exchange.fields,
           .body = std::move(*body),
           .json = {}};
  boost::system::error_code ec;
  if (auto parsed = boost::json::parse(one.body, ec); !ec && parsed.is_object()) {
    one.json = std::move(parsed.get_object());
  }
  bool const poll = one.path.ends_with("/jobs/request");
  (poll ? polls_ : calls_).push_back(one);
  auto const& answer_by = poll ? on_poll : on_call;
  auto answer = answer_by ? answer_by(one) : reply{};
  if (answer.status == 0) answer.status = poll ? 204 : usual_status(one.method);
  if (answer.after.count() > 0 && co_await loop_.time.sleep_for(answer.after)) {
    co_return exchange.drop();
  }
  while (answer.once && !answer.once()) {
    if (co_await loop_.time.sleep_for(std::chrono::milliseconds(20))) co_return exchange.drop();
  }
  if (answer.drop) co_return exchange.drop();
  co_await exchange.respond(answer.status, std::move(answer.fields), std::move(answer.body));
}

std::vector<fake_gitlab::call> fake_gitlab::calls_of(std::string_view method,
                                                     std::string_view path) const {
  std::vector<call> out;
  for (auto const& one : calls_) {
    if (one.method == method && one.path.ends_with(path)) out.push_back(one);
  }
  return out;
}

std::string fake_gitlab::log_of(std::int64_t job) const {
  std::string out;
  for (auto const& one : calls_of("PATCH", fmt::format("/jobs/{}/trace", job))) {
    auto const at = first_byte(one.fields.get("Content-Range"));
    out.resize(std::max(out.size(), at + one.body.size()));
    out.replace(at, one.body.size(), one.body);
  }
  return out;
}

gitlab::job_payload fake_gitlab::job(std::int64_t id, std::vector<std::string> script) {
  gitlab::job_payload what;
  what.id = id;
  what.token = secret(fmt::format("glcbt-64_job{}", id));
  what.allow_git_fetch = true;
  what.job_info.name = fmt::format("job {}", id);
  what.job_info.stage = "test";
  what.job_info.project_id = 1;
  what.git_info.sha = "0123456789abcdef0123456789abcdef01234567";
  what.git_info.ref = "main";
  what.git_info.ref_type = "branch";
  what.git_info.repo_url = "http://gitlab-ci-token:x@127.0.0.1/group/project.git";
  what.runner_info.timeout = 600;
  what.variables = {{.key = "GIT_STRATEGY", .value = "none", .is_public = true},
                    {.key = "FF_TIMESTAMPS", .value = "false", .is_public = true}};
  what.features.failure_reasons = {"script_failure",        "runner_system_failure",
                                   "job_canceled",          "runner_interrupted",
                                   "job_execution_timeout", "unknown_failure"};
  what.steps = {
      {.name = "script", .script = std::move(script), .timeout = 600, .when = "on_success"}};
  return what;
}

fake_gitlab::reply fake_gitlab::hand_out(gitlab::job_payload const& what) {
  return {.status = 201,
          .fields = {{"Content-Type", "application/json"}},
          .body = boost::json::serialize(gitlab::encode_job(what))};
}

}  // namespace corunner::test
