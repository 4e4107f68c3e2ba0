#include "test/system/support/gitlab_program.hpp"

#include <boost/json/parse.hpp>

#include <fmt/format.h>

#include <csignal>
#include <utility>

namespace corunner::test {

namespace json = boost::json;

namespace {

std::vector<std::string> command_line(std::vector<std::string> more) {
  more.insert(more.begin(), "coordinator");
  return more;
}

std::string text_of(json::object const& from, char const* name) {
  auto const* const value = from.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

job_facts facts_of(json::object const& from) {
  job_facts job;
  job.id = from.at("id").as_int64();
  job.name = text_of(from, "name");
  job.status = text_of(from, "status");
  job.failure_reason = text_of(from, "failure_reason");
  if (auto const* code = from.if_contains("exit_code"); code && code->is_int64()) {
    job.exit_code = static_cast<int>(code->as_int64());
  }
  auto const& trace = from.at("trace").as_object();
  job.trace_size = trace.at("size").to_number<std::uint64_t>();
  job.trace_intact = trace.at("intact").is_bool() && trace.at("intact").as_bool();
  job.has_archive = from.contains("artifacts_file");
  job.retried = from.at("retried").as_bool();
  return job;
}

}  // namespace

gitlab_program::gitlab_program(world& in, std::vector<std::string> arguments)
    : process(in.start(command_line(std::move(arguments)))), world_(in) {
  process.wait_for_output("--executor shell\n");
  url_ = text_between("coordinator: ", "\n");
  address_ = text_between("listening on ", "\n");
  if (address_.empty()) address_ = url_;
  runner_token_ = text_between("--token ", " ");
  administrator_token_ = text_between("administrator token: ", "\n");
}

std::string gitlab_program::text_between(std::string_view before, std::string_view after) const {
  auto const& text = process.out();
  auto const at = text.find(before);
  if (at == std::string::npos) return {};
  auto const begin = at + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

json::value gitlab_program::ask(std::string const& method, std::string const& path,
                                std::string json_body) {
  net::http_fields fields{{"PRIVATE-TOKEN", administrator_token_}};
  if (!json_body.empty()) fields.add("Content-Type", "application/json");
  auto const answer =
      world_.fetch(method, address_ + "/api/v4" + path, std::move(fields), std::move(json_body));
  INFO(method << ' ' << path << ": " << answer.status << ' ' << answer.body);
  REQUIRE(answer.status / 100 == 2);
  return answer.body.empty() ? json::value() : json::parse(answer.body);
}

std::vector<job_facts> gitlab_program::jobs(int pipeline) {
  constexpr std::size_t per_page = 100;
  auto const is_there = [&] {
    auto const path = fmt::format("/api/v4/projects/1/pipelines/{}", pipeline);
    return world_.fetch("GET", address_ + path, {{"PRIVATE-TOKEN", administrator_token_}}).status ==
           200;
  };
  // A little later than the address: the repository is taken in first.
  if (!std::exchange(has_pipeline_, true)) REQUIRE(world_.loop.run_until(is_there));
  std::vector<job_facts> all;
  for (int page = 1;; ++page) {
    auto const answer =
        get(fmt::format("/projects/1/pipelines/{}/jobs?include_retried=true&per_page={}&page={}",
                        pipeline, per_page, page));
    auto const& list = answer.as_array();
    for (auto const& each : list) all.push_back(facts_of(each.as_object()));
    if (list.size() < per_page) return all;
  }
}

job_facts gitlab_program::job(std::string_view name) {
  for (auto& each : jobs()) {
    if (each.name == name && !each.retried) return each;
  }
  FAIL("GitLab knows no job " << name);
  return {};
}

std::string gitlab_program::trace(std::int64_t job) {
  auto const answer =
      world_.fetch("GET", fmt::format("{}/api/v4/projects/1/jobs/{}/trace", address_, job),
                   {{"PRIVATE-TOKEN", administrator_token_}});
  REQUIRE(answer.status == 200);
  return answer.body;
}

int gitlab_program::stop() {
  process.signal(SIGTERM);
  return process.wait();
}

}  // namespace corunner::test
