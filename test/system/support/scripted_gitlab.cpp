#include "test/system/support/scripted_gitlab.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace corunner::test {

namespace {

namespace json = boost::json;

json::object variable(std::string const& key, std::string const& value) {
  return {{"key", key}, {"value", value}, {"public", true}, {"masked", false}};
}

json::object facts_of(std::int64_t id) {
  return {{"id", id}, {"name", "job"}, {"stage", "test"}, {"pipeline_id", 5}, {"project_id", 1},
          {"project_name", "p"}, {"project_full_path", "g/p"}, {"namespace_id", 2},
          {"root_namespace_id", 2}, {"organization_id", 1}, {"user_id", 7},
          {"time_in_queue_seconds", 1.5},
          {"project_jobs_running_on_instance_runners_count", "0"}, {"queue_size", 3},
          {"queue_depth", 1}};
}

// What is in `more` wins, also one level down in job_info.
void overlay(json::object& payload, json::object more) {
  if (auto* const facts = more.if_contains("job_info")) {
    for (auto& [key, value] : facts->as_object()) {
      payload["job_info"].as_object()[key] = std::move(value);
    }
    more.erase("job_info");
  }
  for (auto& [key, value] : more) payload[key] = std::move(value);
}

}  // namespace

scripted_gitlab::scripted_gitlab(event_loop& loop)
    : peer_(loop, [this](net::http_exchange& exchange) { return handle(exchange); }) {}

std::int64_t scripted_gitlab::give(std::vector<std::string> script, json::object more) {
  auto const id = ++last_id_;
  json::object payload{
      {"id", id},
      {"token", fmt::format("job-token-of-{}", id)},
      {"allow_git_fetch", true},
      {"job_info", facts_of(id)},
      {"git_info",
       {{"repo_url", fmt::format("http://gitlab-ci-token:job-token-of-{}@{}/g/p.git", id,
                                 url().substr(std::string("http://").size()))},
        {"ref", "main"},
        {"sha", "4f3c2b1a0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a"},
        {"ref_type", "branch"}}},
      {"runner_info", {{"timeout", 600}}},
      {"variables", json::array{variable("GIT_STRATEGY", "none")}},
      {"steps", json::array{{{"name", "script"},
                             {"script", json::array(script.begin(), script.end())},
                             {"timeout", 600},
                             {"when", "on_success"}}}},
      {"features", {{"trace_sections", true}}}};
  overlay(payload, std::move(more));
  jobs_.push_back(json::serialize(payload));
  return id;
}

bool scripted_gitlab::ended_as(std::int64_t job, std::string const& state) const {
  auto const path = fmt::format("/api/v4/jobs/{}", job);
  auto const wanted = fmt::format("\"state\":\"{}\"", state);
  return std::ranges::any_of(calls_, [&](call const& each) {
    return each.method == "PUT" && each.path == path &&
           each.body.find(wanted) != std::string::npos;
  });
}

awaitable<void> scripted_gitlab::handle(net::http_exchange& exchange) {
  auto body = co_await exchange.read_all(16 << 20);
  if (!body) co_return exchange.drop();
  calls_.push_back({exchange.method, exchange.path, std::move(*body)});
  if (exchange.method == "PATCH") {
    co_await exchange.respond(202, {{"Range", "0-1"}}, "");
    co_return;
  }
  if (exchange.method == "PUT") {
    co_await exchange.respond(200, {}, "200");
    co_return;
  }
  if (!poll_statuses.empty()) {
    int const status = poll_statuses.front();
    poll_statuses.pop_front();
    co_await exchange.respond(status, {}, "");
    co_return;
  }
  if (jobs_.empty()) {
    co_await exchange.respond(204, {}, "");
    co_return;
  }
  auto job = std::move(jobs_.front());
  jobs_.pop_front();
  co_await exchange.respond(201, {{"Content-Type", "application/json"}}, std::move(job));
}

}  // namespace corunner::test
