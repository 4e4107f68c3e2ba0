// The calls of a job's life: jobs/request, PUT jobs/:id, PATCH jobs/:id/trace.

#include "runner/gitlab/api_call.hpp"
#include "runner/gitlab/full_chain.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

namespace corunner::gitlab {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

// To a call about a running job. GitLab gives its own requests 60 s; a connection that has died
// without a word must not keep the log and the job's signs of life back for longer than this.
constexpr auto answer_limit = 90s;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

job_signals signals_of(net::http_fields const& fields) {
  job_signals out;
  out.canceling = fields.get("Job-Status") == "canceling";
  auto const interval = whole_number(fields.get("X-GitLab-Trace-Update-Interval"));
  if (interval && *interval > 0) out.trace_interval = std::chrono::seconds(*interval);
  return out;
}

// The job is not ours any more, whatever else the answer says.
bool says_aborted(int status, net::http_fields const& fields) {
  auto const state = fields.get("Job-Status");
  return status == 403 || state == "canceled" || state == "failed";
}

// A job is "pending" also while the server waits for us to accept it.
bool is_certain(int status, net::http_fields const& fields) {
  auto const state = fields.get("Job-Status");
  return status == url_unusable || (!state.empty() && state != "pending");
}

// How many bytes the server holds, of "Range: 0-N"; 0 when it does not say.
std::uint64_t held_bytes(std::string_view range) {
  auto const dash = range.find('-');
  if (dash == std::string_view::npos || !whole_number(range.substr(0, dash))) return 0;
  auto const end = whole_number(range.substr(dash + 1));
  return end && *end > 0 ? static_cast<std::uint64_t>(*end) : 0;
}

update_answer::kind update_kind(int status, net::http_fields const& fields) {
  using enum update_answer::kind;
  if (says_aborted(status, fields)) return aborted;
  switch (status) {
    case 200: return succeeded;
    case 202: return accepted;
    case 412: return log_wrong;
    case 404:
    case url_unusable: return aborted;
    default: return failed;
  }
}

patch_answer::kind patch_kind(int status, net::http_fields const& fields) {
  using enum patch_answer::kind;
  // Before the abort, which the patch from the right offset is told again: the server may have
  // stored what it answered an abort to, and the rest of the log must still find its place.
  if (status == 416) return mismatch;
  if (says_aborted(status, fields)) return aborted;
  if (status == 202) return stored;
  if (status == 404) return not_found;
  bool const may_pass = status == 408 || status == 429;
  return status / 100 == 4 && !may_pass ? refused : failed;
}

json::object update_body(job_update const& update, runner_info const& info, secret const& token) {
  json::object out;
  out["info"] = encode_info(info);
  out["token"] = token.reveal();
  out["state"] = to_string(update.state);
  if (update.reason != failure_reason::none) out["failure_reason"] = to_string(update.reason);
  json::object output;
  if (!update.checksum.empty()) {
    out["checksum"] = update.checksum;
    output["checksum"] = update.checksum;
  }
  if (update.bytesize > 0) output["bytesize"] = update.bytesize;
  out["output"] = std::move(output);
  if (update.exit_code != 0) out["exit_code"] = update.exit_code;
  if (!update.runtime_environment_key.empty()) {
    out["runtime_environment_key"] = update.runtime_environment_key;
  }
  return out;
}

poll_answer::kind poll_kind(int status) {
  using enum poll_answer::kind;
  switch (status) {
    case 204: return none;
    case 403: return forbidden;
    case 409: return conflict;
    case 503: return unavailable;
    case url_unusable: return client_error;
    default: return failed;
  }
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  auto const begin = text.find_first_not_of(white);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(white) + 1 - begin));
}

}  // namespace

std::string_view to_string(job_state state) {
  constexpr std::array<std::string_view, 4> names{"pending", "running", "success", "failed"};
  return names[static_cast<std::size_t>(state)];
}

// The chain with which a job may reach the server, empty without TLS (protocol.md 1.6).
awaitable<std::string> api_client::chain_for_job(std::string verified) {
  // Configuration, so small; and read only when a job has come.
  if (std::ifstream file(options_.tls.ca_file, std::ios::binary); file) {
    co_return std::string(std::istreambuf_iterator<char>(file), {});
  }
  verified = trimmed(verified);
  if (!options_.full_chain || verified.empty()) co_return verified;
  if (verified != verified_chain_) {
    auto const found = co_await complete_chain(http_, verified);
    if (!found.trouble.empty() && options_.incomplete_chain) {
      options_.incomplete_chain(found.trouble);
    }
    if (found.chain.empty()) co_return std::string();
    verified_chain_ = std::move(verified);
    full_chain_ = found.chain;
  }
  co_return full_chain_;
}

awaitable<poll_answer> api_client::request_job(poll_request how) {
  json::object body;
  body["info"] = encode_info(options_.info);
  body["token"] = options_.token.reveal();
  if (!options_.system_id.empty()) body["system_id"] = options_.system_id;
  bool const may_hold = how.may_hold && !last_update_.empty();
  if (may_hold) body["last_update"] = last_update_;
  if (how.session) {
    auto& session = body["session"].emplace_object();
    session["url"] = how.session->url;
    session["certificate"] = how.session->certificate;
    session["authorization"] = how.session->authorization.reveal();
  }
  auto request = call::for_json("POST", "jobs/request", body);
  request.authorize("RUNNER-TOKEN", options_.token);
  auto const began = time_.now();
  auto const reply = co_await perform_json(std::move(request), 201);
  report(call_report::kind::request_job, reply.answer, began);

  poll_answer out;
  out.retried = reply.answer.retried;
  out.correlation_id = reply.answer.correlation_id;
  out.knows_last_update = !last_update_.empty();
  out.held = may_hold && reply.answer.status == 204 &&
             reply.answer.field("X-GitLab-Last-Update").empty();
  if (!reply.tree) {
    out.what = poll_kind(reply.answer.status);
    if (out.what != poll_answer::kind::none) out.message = reply.answer.message();
    co_return out;
  }
  auto decoded = decode_job_tree(*reply.tree);
  out.message = decoded.error;
  if (!decoded.reportable()) {
    out.what = poll_answer::kind::failed;
    if (out.message.empty()) out.message = "the job has no id or no token";
    co_return out;
  }
  out.what = decoded.ok() ? poll_answer::kind::job : poll_answer::kind::broken_job;
  auto chain = co_await chain_for_job(reply.answer.response.peer_certificates);
  out.job = received_job{std::move(decoded.job), reply.answer.correlation_id, std::move(chain)};
  co_return out;
}

awaitable<update_answer> api_client::update_job(job_key const& job, job_update update) {
  auto const body = update_body(update, options_.info, job.token);
  auto request = call::with_json("PUT", fmt::format("jobs/{}", job.id), body);
  request.authorize("JOB-TOKEN", job.token);
  auto const began = time_.now();
  request.answer_within = answer_limit;
  auto const answer = co_await perform(std::move(request));
  report(call_report::kind::update_job, answer, began);
  update_answer out;
  out.what = update_kind(answer.status, answer.response.fields);
  out.certain = is_certain(answer.status, answer.response.fields);
  out.status = answer.status;
  out.note = answer.note();
  // A final update that was taken is answered with the status that it led to: "failed" is no
  // refusal.
  bool const is_final = update.state == job_state::success || update.state == job_state::failed;
  if (is_final && answer.status == 200) out.what = update_answer::kind::succeeded;
  out.signals = signals_of(answer.response.fields);
  if (out.what != update_answer::kind::succeeded) out.message = answer.message();
  co_return out;
}

awaitable<patch_answer> api_client::patch_trace(job_key const& job, trace_patch patch) {
  patch_answer out;
  if (patch.bytes.empty()) {
    out.what = patch_answer::kind::stored;
    co_return out;
  }
  call request;
  request.method = "PATCH";
  request.path = fmt::format("jobs/{}/trace?debug_trace={}", job.id, patch.debug);
  request.fields.set("Content-Type", "text/plain");
  request.fields.set("Content-Range", fmt::format("{}-{}", patch.offset,
                                                  patch.offset + patch.bytes.size() - 1));
  request.body = net::http_body::of(std::move(patch.bytes));
  request.authorize("JOB-TOKEN", job.token);
  auto const began = time_.now();
  request.answer_within = answer_limit;
  auto const answer = co_await perform(std::move(request));
  report(call_report::kind::patch_trace, answer, began);
  out.what = patch_kind(answer.status, answer.response.fields);
  out.certain = is_certain(answer.status, answer.response.fields);
  out.status = answer.status;
  out.note = answer.note();
  out.signals = signals_of(answer.response.fields);
  if (out.what == patch_answer::kind::mismatch) out.offset = held_bytes(answer.field("Range"));
  if (out.what != patch_answer::kind::stored) out.message = answer.message();
  co_return out;
}

}  // namespace corunner::gitlab
