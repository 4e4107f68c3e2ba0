#include "test/runner/manager/manager_world.hpp"

#include "runner/gitlab/job_payload.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace corunner::test {

using namespace std::chrono_literals;

std::string asked_call::text(std::string_view key) const {
  auto const* const found = body.if_contains(key);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

manager_world::manager_world()
    : server_(io.get_executor(), time,
              [this](net::http_exchange& exchange) { return handle(exchange); }) {
  values.concurrent = 1;
  options.identity.system_id = "s_0123456789ab";
  options.working_directory = "/work";
  options.seed = 1;
  output_.set_level(log_level::debug);
  output_.set_format(log_format::text);
  on_poll = [](asked_call const&) { return told{}; };
  on_put = [](asked_call const&) { return told{.status = 200}; };
  children_.spawn(server_.serve(*listener_));
}

manager_world::~manager_world() {
  if (manager_) {
    manager_->stop_forcefully("terminated");
    for (int i = 0; i < 100 && !ended_; ++i) run_for(1s);
  }
  server_.stop();
  children_.cancel();
  settle(io);
  http_.close_idle();
  settle(io);
}

config::runner_entry& manager_world::entry(std::string token) {
  config::runner_entry one;
  one.name = "r" + std::to_string(values.runners.size());
  one.url = "http://gitlab.test";
  one.token = secret(std::move(token));
  one.executor = "dummy";
  one.shell = "dummy";
  return values.runners.emplace_back(std::move(one));
}

told manager_world::job(std::int64_t id, std::string script) {
  gitlab::job_payload what;
  what.id = id;
  what.token = secret(fmt::format("glcbt-64_job{}", id));
  what.job_info.name = "job";
  what.job_info.project_id = 1;
  what.git_info.repo_url = "http://gitlab-ci-token:x@gitlab.test/group/project.git";
  what.git_info.sha = "0123456789abcdef0123456789abcdef01234567";
  what.git_info.ref = "main";
  what.runner_info.timeout = 3600;
  what.variables = {{.key = "GIT_STRATEGY", .value = "none", .is_public = true}};
  what.features.failure_reasons = {"script_failure", "runner_system_failure", "runner_interrupted"};
  what.steps = {
      {.name = "script", .script = {std::move(script)}, .timeout = 3600, .when = "on_success"}};
  return {.status = 201,
          .fields = {{"Content-Type", "application/json"}},
          .body = boost::json::serialize(gitlab::encode_job(what))};
}

awaitable<void> manager_world::handle(net::http_exchange& exchange) {
  auto const text = co_await exchange.read_all(4 << 20);
  if (!text) co_return exchange.drop();
  asked_call call{.at = seconds(), .line = exchange.method + " " + exchange.path, .body = {}};
  boost::system::error_code ec;
  auto parsed = boost::json::parse(*text, ec);
  if (!ec && parsed.is_object()) call.body = std::move(parsed.get_object());
  bool const poll = exchange.path.ends_with("/jobs/request");
  (poll ? polls_ : calls_).push_back(call);
  auto answer = poll                       ? on_poll(call)
                : exchange.method == "PUT" ? on_put(call)
                                           : told{.status = 202};
  if (answer.after > 0s && co_await time.sleep_for(answer.after)) co_return exchange.drop();
  if (answer.drop) co_return exchange.drop();
  co_await exchange.respond(answer.status, std::move(answer.fields), std::move(answer.body));
}

manager_services manager_world::services() {
  return {.time = time,
          .pool = pool_,
          .http = http_,
          .log = logger(output_),
          .make_executor = [this](std::string const& name) -> std::unique_ptr<exec::executor> {
            if (name != "dummy") return nullptr;
            return std::make_unique<exec::dummy_executor>(time, dummies_);
          },
          .journal = journal_,
          .watch_log = {},
          .remove_leftover = {}};
}

awaitable<void> manager_world::run() { ended_ = co_await manager_->run(); }

void manager_world::start() {
  manager_.emplace(io.get_executor(), services(), options, values);
  children_.spawn(run());
  settle(io);
}

void manager_world::reconfigure(std::function<void(config::configuration&)> const& change) {
  change(values);
  manager_->reconfigure(values);
  settle(io);
}

void manager_world::run_for(net::time_source::duration length) {
  auto const end = time.now() + length;
  settle(io);
  while (time.next_deadline() <= end) {
    time.advance(std::max(time.next_deadline() - time.now(), net::time_source::duration(0)));
    settle(io);
  }
  time.advance(end - time.now());
  settle(io);
}

double manager_world::seconds() const {
  return std::chrono::duration<double>(time.now().time_since_epoch()).count();
}

std::vector<double> manager_world::polled_at(std::string_view token) const {
  std::vector<double> out;
  for (auto const& each : polls_) {
    if (!token.empty() && each.text("token") != token) continue;
    out.push_back(std::round(each.at * 10) / 10);
  }
  return out;
}

std::vector<std::string> manager_world::states_of(std::int64_t id) const {
  std::vector<std::string> out;
  for (auto const& each : calls_) {
    if (each.line == fmt::format("PUT /api/v4/jobs/{}", id)) out.push_back(each.text("state"));
  }
  return out;
}

std::size_t manager_world::logged(std::string_view text) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      log_, [&](std::string const& line) { return line.find(text) != std::string::npos; }));
}

std::string manager_world::all_log() const { return fmt::format("{}", fmt::join(log_, "")); }

}  // namespace corunner::test
