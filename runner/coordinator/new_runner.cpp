#include "runner/coordinator/new_runner.hpp"

#include "runner/coordinator/context.hpp"
#include "runner/coordinator/token.hpp"

#include <algorithm>
#include <charconv>

namespace corunner::coordinator {

namespace {

using lifetime = std::optional<std::int64_t>;

lifetime setting(context& in, char const* key) {
  auto const text = in.data.access.setting(key);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  auto const [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failed != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

lifetime shorter(lifetime one, lifetime other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

maybe_time expiry(context& in, runner_record const& runner, std::int64_t owner) {
  lifetime span;
  if (runner.type == "instance_type") span = setting(in, instance_lifetime);
  if (runner.group_id) {
    span = shorter(setting(in, group_lifetime),
                   in.data.policies.shortest_lifetime_in_group(*runner.group_id));
  }
  if (runner.type == "project_type") {
    span = shorter(setting(in, project_lifetime),
                   in.data.policies.of(policy_table::holder::project, owner).lifetime);
  }
  if (!span) return std::nullopt;
  return in.now() + *span;
}

std::string make_runner_token(runner_record const& runner) {
  return make_token(runner.registration_type == "authenticated_user" ? "glrt-" : "glrtr-");
}

}  // namespace

std::string store_new_runner(context& in, runner_record& runner, std::int64_t project) {
  auto const token = make_runner_token(runner);
  runner.token_hash = sha256(token);
  runner.created_at = in.now();
  runner.updated_at = runner.created_at;
  runner.uuid = make_uuid(runner.created_at);
  runner.token_expires_at = expiry(in, runner, project);
  transaction all(in.data.db);
  in.data.runners.add(runner);
  if (project != 0) in.data.runners.assign(runner.id, project, runner.created_at);
  all.commit();
  return token;
}

std::string renew_token(context& in, runner_record& runner) {
  auto const projects = in.data.runners.projects(runner.id);
  auto const token = make_runner_token(runner);
  runner.token_hash = sha256(token);
  runner.token_expires_at = expiry(in, runner, projects.empty() ? 0 : projects.front());
  runner.updated_at = in.now();
  in.data.runners.update(runner);
  return token;
}

}  // namespace corunner::coordinator
