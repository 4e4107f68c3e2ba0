#include "runner/coordinator/load_mode.hpp"

#include "net/error.hpp"
#include "net/event.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/storage/trace_files.hpp"
#include "runner/gitlab/job_payload.hpp"
#include "runner/pipeline/reports.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <utility>

namespace corunner::coordinator {

namespace {

constexpr std::size_t most_of_a_patch = 16u << 20;
constexpr std::string_view nothing_new = "load";
constexpr std::string_view token_prefix = "glcbt-load_";

gitlab::job_payload payload_of(load_options const& options) {
  gitlab::job_payload job;
  job.allow_git_fetch = true;
  job.job_info.name = "load";
  job.job_info.stage = "test";
  job.job_info.pipeline_id = 1;
  job.job_info.project_id = 1;
  job.job_info.project_name = "load";
  job.job_info.project_full_path = "local/load";
  job.git_info.repo_url = "http://gitlab-ci-token@127.0.0.1/local/load.git";
  job.git_info.ref = "main";
  job.git_info.ref_type = "branch";
  job.git_info.sha = std::string(40, '1');
  job.git_info.before_sha = std::string(40, '0');
  job.runner_info.timeout = 3600;
  job.variables.push_back({"GIT_STRATEGY", "none", true});
  for (auto const& [key, value] : options.variables) job.variables.push_back({key, value, true});
  for (std::size_t i = 0; i < options.masked.size(); ++i) {
    job.variables.push_back(
        {.key = fmt::format("MASKED_{}", i), .value = options.masked[i], .masked = true});
  }
  job.steps.push_back({"script", options.script, 3600, "on_success", false});
  job.image.name = options.image;
  job.features.trace_sections = true;
  auto const reasons = pipeline::known_failure_reasons();
  job.features.failure_reasons = {reasons.begin(), reasons.end()};
  return job;
}

double seconds_of(std::chrono::nanoseconds span) {
  return std::chrono::duration<double>(span).count();
}

std::optional<std::int64_t> number_at(std::string_view& text) {
  std::int64_t value = 0;
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

struct load_mode::state {
  struct running_job {
    std::int64_t size = 0;
    std::uint32_t crc32 = 0;
    bool accepted = false;
    net::time_source::time_point heard_of{};
  };

  state(asio::any_io_executor loop, net::time_source& clock, load_options how)
      : time(clock),
        options(std::move(how)),
        payload(payload_of(options)),
        stopping(loop),
        ended(loop) {
    if (options.jobs == 0) ended.set();
  }

  net::time_source& time;
  load_options options;
  gitlab::job_payload payload;
  net::event stopping;
  net::event ended;
  load_counts counts;
  std::optional<net::time_source::time_point> began;
  std::unordered_map<std::int64_t, running_job> jobs;

  net::time_source::time_point polled{};

  void note_poll();
  std::string next_job();
  awaitable<reply> request_job(net::http_exchange& exchange);
  awaitable<reply> job_call(net::http_exchange& exchange, std::string_view rest);
  reply append(net::http_exchange const& exchange, running_job& job, std::string_view body);
  reply update(std::int64_t id, running_job& job, std::string_view body);
  void finish(std::int64_t id, bool success);
  reply show_counts() const;
};

// Gaps count as long as there is a job that could tell of a runner in trouble.
void load_mode::state::note_poll() {
  auto const now = time.now();
  if (!jobs.empty()) counts.longest_poll_gap = std::max(counts.longest_poll_gap, now - polled);
  polled = now;
}

std::string load_mode::state::next_job() {
  if (!began) began = time.now();
  auto const id = static_cast<std::int64_t>(++counts.handed_out);
  payload.id = id;
  payload.token = secret(fmt::format("{}{}", token_prefix, id));
  payload.job_info.name = fmt::format("load {}", id);
  jobs[id].heard_of = time.now();
  return boost::json::serialize(gitlab::encode_job(payload));
}

awaitable<reply> load_mode::state::request_job(net::http_exchange& exchange) {
  using namespace asio::experimental::awaitable_operators;
  auto const body = co_await exchange.read_all(128 * 1024);
  if (!body) co_return error_reply(400, "the request body is missing");
  note_poll();
  if (counts.handed_out < options.jobs) {
    co_return reply{201, {{"Content-Type", "application/json"}}, next_job()};
  }
  // There will be no more: who knows that already is held.
  bool const current =
      body->find(fmt::format("\"last_update\":\"{}\"", nothing_new)) != std::string::npos;
  if (current && options.long_poll.count() > 0) {
    auto const deadline = time.now() + options.long_poll;
    co_await (stopping.wait() || time.sleep_until(deadline));
    polled = time.now();
  }
  co_return empty_reply(204).with("X-GitLab-Last-Update", nothing_new);
}

void load_mode::state::finish(std::int64_t id, bool success) {
  ++(success ? counts.succeeded : counts.failed);
  jobs.erase(id);
  if (began) counts.first_request_to_last_end = time.now() - *began;
  if (counts.succeeded + counts.failed == options.jobs) ended.set();
}

reply load_mode::state::update(std::int64_t id, running_job& job, std::string_view body) {
  parameters params;
  if (!params.add_body("application/json", body)) {
    return error_reply(400, "the request body cannot be read");
  }
  auto const state = params.text("state").value_or("");
  if (state == "running") {
    counts.accepted += job.accepted ? 0 : 1;
    job.accepted = true;
    return number_reply(200).with("Job-Status", "running");
  }
  if (state != "success" && state != "failed") return number_reply(400);
  auto const* const output = params.object("output");
  auto const* const sum = output ? output->if_contains("checksum") : nullptr;
  auto const* const size = output ? output->if_contains("bytesize") : nullptr;
  bool const same_sum = sum && sum->is_string() && sum->as_string() == checksum_text(job.crc32);
  bool const same_size = size && size->is_int64() ? size->as_int64() == job.size : job.size == 0;
  counts.bad_traces += same_sum && same_size ? 0 : 1;
  finish(id, state == "success");
  return number_reply(200).with("Job-Status", state);
}

reply load_mode::state::append(net::http_exchange const& exchange, running_job& job,
                               std::string_view body) {
  auto range = exchange.fields.get("Content-Range");
  auto const start = number_at(range);
  if (!start || *start != job.size) {
    ++counts.bad_ranges;
    return error_reply(416, "416 Range Not Satisfiable")
        .with("Range", fmt::format("0-{}", job.size));
  }
  ++counts.patches;
  counts.trace_bytes += body.size();
  job.size += static_cast<std::int64_t>(body.size());
  job.crc32 = crc32_after(job.crc32, body);
  return number_reply(202)
      .with("Range", fmt::format("0-{}", job.size))
      .with("Job-Status", "running")
      .with("X-GitLab-Trace-Update-Interval", std::to_string(options.trace_interval.count()));
}

// PUT /jobs/:id and PATCH /jobs/:id/trace
awaitable<reply> load_mode::state::job_call(net::http_exchange& exchange, std::string_view rest) {
  auto const id = number_at(rest);
  auto body = co_await exchange.read_all(most_of_a_patch);
  if (!id || !body) co_return error_reply(400, "id is invalid");
  auto const job = jobs.find(*id);
  if (job == jobs.end()) co_return forbidden().with("Job-Status", "failed");
  auto const silent_since = std::exchange(job->second.heard_of, time.now());
  counts.longest_silence = std::max(counts.longest_silence, time.now() - silent_since);
  if (exchange.method == "PUT" && rest.empty()) co_return update(*id, job->second, *body);
  if (exchange.method == "PATCH" && rest == "/trace") {
    co_return append(exchange, job->second, *body);
  }
  co_return error_reply(404, "404 Not Found");
}

reply load_mode::state::show_counts() const {
  return json_reply(200, boost::json::object{
                             {"handed_out", counts.handed_out},
                             {"accepted", counts.accepted},
                             {"succeeded", counts.succeeded},
                             {"failed", counts.failed},
                             {"requests", counts.requests},
                             {"patches", counts.patches},
                             {"trace_bytes", counts.trace_bytes},
                             {"bad_traces", counts.bad_traces},
                             {"bad_ranges", counts.bad_ranges},
                             {"longest_silence", seconds_of(counts.longest_silence)},
                             {"longest_poll_gap", seconds_of(counts.longest_poll_gap)},
                             {"seconds", seconds_of(counts.first_request_to_last_end)}});
}

load_mode::load_mode(asio::any_io_executor executor, net::time_source& time, load_options options)
    : state_(std::make_unique<state>(std::move(executor), time, std::move(options))) {}

load_mode::~load_mode() = default;

awaitable<void> load_mode::handle(net::http_exchange& exchange) {
  auto& s = *state_;
  ++s.counts.requests;
  std::string_view path = exchange.path;
  constexpr std::string_view prefix = "/api/v4";
  if (path.starts_with(prefix)) path.remove_prefix(prefix.size());
  constexpr std::string_view jobs = "/jobs/";
  reply answer = error_reply(404, "404 Not Found");
  boost::json::object const runner{
      {"id", 1}, {"token", "glrt-load"}, {"token_expires_at", nullptr}};
  if (path == "/jobs/request") {
    answer = co_await s.request_job(exchange);
  } else if (path.starts_with(jobs)) {
    path.remove_prefix(jobs.size());
    answer = co_await s.job_call(exchange, path);
  } else if (path == "/runners/verify") {
    answer = json_reply(200, runner);
  } else if (path == "/runners" && exchange.method == "POST") {
    answer = json_reply(201, runner);
  } else if (path == "/_test/counts") {
    answer = s.show_counts();
  }
  co_await send(exchange, std::move(answer));
}

void load_mode::stop() { state_->stopping.set(); }

awaitable<error_code> load_mode::all_ended() { co_return co_await state_->ended.wait(); }

load_counts const& load_mode::counts() const { return state_->counts; }

}  // namespace corunner::coordinator
