// Calls of the Runners API by a person.

#include "runner/gitlab/answer_text.hpp"
#include "runner/gitlab/api_call.hpp"
#include "runner/gitlab/management.hpp"

#include <charconv>

namespace corunner::gitlab {

using namespace std::chrono_literals;

namespace {

// A person waits: when the server wants more patience than this, its refusal is the answer.
constexpr std::chrono::milliseconds longest_pause = 30s;

std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  std::int64_t value = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return std::chrono::seconds(value);
}

}  // namespace

bool management_answer::is_json() const { return content_type == "application/json"; }

awaitable<management_answer> api_client::manage(management_call what) {
  call request;
  request.method = what.method;
  request.path = what.path;
  if (!what.query.empty()) request.path += '?' + what.query;
  if (!what.body.empty()) request = call::with_json(request.method, request.path, what.body);
  request.fields.set("Accept", "application/json");
  request.authorize("PRIVATE-TOKEN", what.access_token);
  request.only_once = what.only_once;
  request.longest_pause = longest_pause;
  request.answer_within = 60s;
  auto const reply = co_await perform(std::move(request));

  management_answer out;
  out.method = what.method;
  out.target = reply.target;
  out.status = reply.status;
  out.failure = reply.failure;
  if (out.status < 0) co_return out;
  out.body = reply.body;
  out.content_type = media_type(reply.field("Content-Type"));
  out.retry_after = seconds_of(reply.field("Retry-After"));
  if (out.ok()) out.next_query = next_page_query(reply.response.fields, what.query);
  auto const& from = reply.response.final_url;
  if (!from.host.empty() && from.origin() != reply.target.origin()) out.moved_to = from.origin();
  co_return out;
}

}  // namespace corunner::gitlab
