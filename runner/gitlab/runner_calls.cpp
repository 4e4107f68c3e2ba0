// The calls that make, check and remove runners, and change their tokens.

#include "runner/gitlab/api_call.hpp"
#include "runner/gitlab/management.hpp"
#include "runner/gitlab/retry.hpp"
#include "runner/gitlab/short_token.hpp"

#include <fmt/format.h>

namespace corunner::gitlab {

namespace {

namespace json = boost::json;

runner_answer::kind kind_of(int status, int expected) {
  using enum runner_answer::kind;
  if (status == expected) return ok;
  if (status == 403) return forbidden;
  return status == url_unusable ? client_error : failed;
}

json::object registration_body(registration const& what, runner_info info) {
  // No executor is known yet, so only what the client itself can do is claimed.
  info.executor.clear();
  info.shell.clear();
  json::object out;
  auto const text = [&](std::string_view name, std::string const& value) {
    if (!value.empty()) out[name] = value;
  };
  text("description", what.description);
  text("maintenance_note", what.maintenance_note);
  text("tag_list", what.tag_list);
  out["run_untagged"] = what.run_untagged;
  out["locked"] = what.locked;
  text("access_level", what.access_level);
  if (what.maximum_timeout != 0) out["maximum_timeout"] = what.maximum_timeout;
  out["paused"] = what.paused;
  out["info"] = encode_info(info);
  text("token", what.token.reveal());
  return out;
}

}  // namespace

runner_identity identity_of(json::value const& tree) {
  runner_identity out;
  auto const* members = tree.if_object();
  if (!members) return out;
  if (auto const* id = members->if_contains("id"); id && id->is_int64()) out.id = id->get_int64();
  if (auto const* token = members->if_contains("token"); token && token->is_string()) {
    out.token = secret(std::string(token->get_string()));
  }
  if (auto const* expiry = members->if_contains("token_expires_at");
      expiry && expiry->is_string()) {
    out.token_expires_at = parse_iso_time(expiry->get_string());
  }
  return out;
}

awaitable<runner_answer> api_client::identify(call what, int expected,
                                              std::optional<call_report::kind> counts_as) {
  auto const began = time_.now();
  auto const reply = co_await perform_json(std::move(what), expected);
  if (counts_as) report(*counts_as, reply.answer, began);
  runner_answer out;
  out.what = kind_of(reply.answer.status, expected);
  if (reply.tree) out.runner = identity_of(*reply.tree);
  if (out.what != runner_answer::kind::ok) out.message = reply.answer.message();
  co_return out;
}

awaitable<runner_answer> api_client::register_runner(registration what) {
  auto const body = registration_body(what, options_.info);
  auto request = call::for_json("POST", "runners", body);
  request.authorize("RUNNER-TOKEN", what.token);
  co_return co_await identify(std::move(request), 201);
}

awaitable<runner_answer> api_client::verify() {
  json::object body;
  body["info"] = encode_info(options_.info);
  body["token"] = options_.token.reveal();
  if (!options_.system_id.empty()) body["system_id"] = options_.system_id;
  auto request = call::for_json("POST", "runners/verify", body);
  request.authorize("RUNNER-TOKEN", options_.token);
  auto const reply = co_await perform_json(request, 200);
  runner_answer out;
  out.what = kind_of(reply.answer.status, 200);
  if (reply.tree) out.runner = identity_of(*reply.tree);
  if (reply.answer.status == transport_failed) {
    // Old servers answer in plain text: ask again, for the status alone.
    auto const again = co_await perform(std::move(request));
    out.what = kind_of(again.status, 200);
    if (out.what != runner_answer::kind::ok) out.message = again.message();
    co_return out;
  }
  if (out.what != runner_answer::kind::ok) out.message = reply.answer.message();
  co_return out;
}

awaitable<runner_answer> api_client::unregister() {
  json::object body;
  body["token"] = options_.token.reveal();
  bool const managed = is_authentication_token(options_.token.reveal());
  if (managed) body["system_id"] = options_.system_id;
  auto request = call::with_json("DELETE", managed ? "runners/managers" : "runners", body);
  request.authorize("RUNNER-TOKEN", options_.token);
  auto const answer = co_await perform(std::move(request));
  runner_answer out;
  out.what = kind_of(answer.status, 204);
  if (out.what != runner_answer::kind::ok) out.message = answer.message();
  co_return out;
}

awaitable<runner_answer> api_client::reset_token() {
  json::object body;
  body["token"] = options_.token.reveal();
  auto request = call::for_json("POST", "runners/reset_authentication_token", body);
  co_return co_await identify(std::move(request), 201, call_report::kind::reset_token);
}

awaitable<runner_answer> api_client::reset_token(std::int64_t runner_id, secret access_token) {
  auto const path = fmt::format("runners/{}/reset_authentication_token", runner_id);
  auto request = call::for_json("POST", path, {});
  request.authorize("PRIVATE-TOKEN", access_token);
  co_return co_await identify(std::move(request), 201);
}

}  // namespace corunner::gitlab
