#include "runner/coordinator/api/access/authorization.hpp"

#include "runner/coordinator/api/body/utf8_text.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/token.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace corunner::coordinator {

namespace {

std::string access_token_of(api_request& request) {
  if (auto const given = request.field("PRIVATE-TOKEN"); !given.empty()) return std::string(given);
  if (auto const given = request.params.text("private_token")) return *given;
  auto const authorization = request.field("Authorization");
  constexpr std::string_view bearer = "Bearer ";
  if (authorization.starts_with(bearer)) return std::string(authorization.substr(bearer.size()));
  return {};
}

reply token_refusal(std::string_view why) {
  return json_reply(401,
                    boost::json::object{{"error", "invalid_token"}, {"error_description", why}});
}

bool has_word(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    auto const word = words.substr(0, words.find(' '));
    if (word == wanted) return true;
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return false;
}

bool scope_suffices(api_request const& request, std::string_view granted, std::string_view wanted) {
  if (has_word(granted, "api")) return true;
  if (request.is_reading() && has_word(granted, "read_api")) return true;
  while (!wanted.empty()) {
    auto const word = wanted.substr(0, wanted.find(' '));
    if (has_word(granted, word)) return true;
    wanted.remove_prefix(std::min(wanted.size(), word.size() + 1));
  }
  return false;
}

reply scope_refusal(api_request const& request, std::string_view wanted) {
  std::string scopes = "api";
  if (request.is_reading()) scopes += " read_api";
  if (!wanted.empty()) scopes += fmt::format(" {}", wanted);
  return json_reply(
      403, boost::json::object{
               {"error", "insufficient_scope"},
               {"error_description",
                "The request requires higher privileges than provided by the access token."},
               {"scope", scopes}});
}

std::string executor_name(std::string_view given) {
  constexpr std::array<std::string_view, 13> known{"custom",         "shell",
                                                   "docker",         "docker-windows",
                                                   "docker-ssh",     "ssh",
                                                   "parallels",      "virtualbox",
                                                   "docker+machine", "docker-ssh+machine",
                                                   "kubernetes",     "docker-autoscaler",
                                                   "instance"};
  return std::find(known.begin(), known.end(), given) != known.end() ? std::string(given)
                                                                     : "unknown";
}

void update_from(manager_record& manager, boost::json::object const& info) {
  auto const take = [&](std::string_view key, std::optional<std::string>& into, std::size_t limit) {
    auto const* const value = info.if_contains(key);
    if (value && value->is_string()) into = prefix_of(value->as_string(), limit);
  };
  take("version", manager.version, 2048);
  take("revision", manager.revision, 255);
  take("platform", manager.platform, 255);
  take("architecture", manager.architecture, 255);
  if (auto const* const executor = info.if_contains("executor");
      executor && executor->is_string()) {
    manager.executor = executor_name(executor->as_string());
  }
  if (auto const* const features = info.if_contains("features");
      features && features->is_object()) {
    manager.features = boost::json::serialize(*features);
  }
  if (auto const* const labels = info.if_contains("labels"); labels && labels->is_object()) {
    manager.labels = boost::json::serialize(*labels);
  }
  if (auto const* const config = info.if_contains("config"); config && config->is_object()) {
    auto const* const gpus = config->as_object().if_contains("gpus");
    manager.config =
        boost::json::serialize(gpus ? boost::json::object{{"gpus", *gpus}} : boost::json::object());
  }
}

}  // namespace

admitted<user_record> admit_user(context& in, api_request& request, std::string_view scopes) {
  auto const token = access_token_of(request);
  if (token.empty()) return {{}, unauthorized()};
  auto const known = in.data.access.find_token(sha256(token));
  if (!known) return {{}, unauthorized()};
  if (known->revoked) {
    return {{}, token_refusal("Token was revoked. You have to re-authorize from the user.")};
  }
  if (known->expires_at && *known->expires_at <= in.now()) {
    return {
        {},
        token_refusal("Token is expired. You can either do re-authorization or token refresh.")};
  }
  if (!scope_suffices(request, known->scopes, scopes)) return {{}, scope_refusal(request, scopes)};
  return {in.data.access.find_user(known->user_id), unauthorized()};
}

admitted<runner_record> admit_runner(context& in, api_request& request) {
  auto const token = request.params.require("token");
  if (!request.params.good()) return {{}, error_reply(400, request.params.faults())};
  auto runner = in.data.runners.find_by_token_hash(sha256(token));
  if (!runner) return {{}, forbidden()};
  if (runner->token_expires_at && *runner->token_expires_at <= in.now()) return {{}, forbidden()};
  return {std::move(runner), {}};
}

admitted<runner_record> admit_working_runner(context& in, api_request& request) {
  auto runner = admit_runner(in, request);
  if (!runner) return runner;
  bool const orphaned =
      runner->type == "project_type" && in.data.runners.projects(runner->id).empty();
  if (orphaned) return {{}, orphaned_runner()};
  return runner;
}

std::string job_token_of(api_request& request) {
  if (auto const given = request.params.text("token")) return *given;
  if (auto const given = request.params.text("job_token")) return *given;
  return std::string(request.field("JOB-TOKEN"));
}

admitted<job_record> admit_job(context& in, api_request& request) {
  auto const id = request.number(0);
  auto const token = job_token_of(request);
  if (!id) return {{}, error_reply(400, "id is invalid")};
  auto job = in.data.jobs.find(*id);
  if (!job || token.empty() || job->token_hash != sha256(token)) return {{}, forbidden()};
  if (job->erased_at) return {{}, forbidden("Job has been erased!")};
  if (!job->token_valid()) {
    return {{}, forbidden("Job is not processing on runner").with("Job-Status", job->status)};
  }
  return {std::move(job), {}};
}

std::optional<job_record> job_of_token(context& in, std::string_view token) {
  if (token.empty()) return std::nullopt;
  auto job = in.data.jobs.find_by_token_hash(sha256(token));
  if (!job || !job->token_valid()) return std::nullopt;
  return job;
}

manager_record heartbeat(context& in, api_request& request, runner_record& runner) {
  auto const now = in.now();
  runner.contacted_at = now;
  in.data.runners.contacted(runner.id, now);
  auto const system_id = prefix_of(request.params.text("system_id").value_or("<legacy>"), 64);
  auto manager = in.data.runners.find_manager(runner.id, system_id).value_or(manager_record());
  if (manager.id == 0) {
    manager.runner_id = runner.id;
    manager.system_id = system_id;
    manager.created_at = now;
    in.deadlines.set();  // one more to be forgotten some day
  }
  manager.contacted_at = now;
  manager.ip_address = request.exchange.peer.substr(0, request.exchange.peer.rfind(':'));
  if (auto const* const info = request.params.object("info")) update_from(manager, *info);
  in.data.runners.save_manager(manager);
  return manager;
}

}  // namespace corunner::coordinator
