#include "runner/coordinator/api/access/authorization.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"

#include <fmt/format.h>

#include <charconv>

namespace corunner::coordinator {

namespace {

constexpr std::size_t most_of_a_patch = 16u << 20;

void note_contact(context& in, api_request& request, job_record const& job) {
  auto const now = in.now();
  if (job.runner_id) in.data.runners.contacted(*job.runner_id, now);
  if (!job.manager_id) return;
  auto const& peer = request.exchange.peer;
  in.data.runners.manager_contacted(*job.manager_id, peer.substr(0, peer.rfind(':')), now);
}

// Whether what the runner declares about its trace is what came; nothing when it declares nothing.
std::optional<bool> compare_trace(api_request& request, job_record const& job) {
  auto checksum = request.params.text("checksum");
  std::optional<std::int64_t> size;
  if (auto const* const output = request.params.object("output")) {
    auto const* const sum = output->if_contains("checksum");
    auto const* const bytes = output->if_contains("bytesize");
    if (sum && sum->is_string()) checksum = std::string(sum->as_string());
    if (bytes && bytes->is_int64()) size = bytes->as_int64();
  }
  if (!checksum) return std::nullopt;
  bool const same_size = !size || *size == job.trace_size;
  return same_size && *checksum == checksum_text(static_cast<std::uint32_t>(job.trace_crc32));
}

// A runner that was handed the job and has not yet accepted it (runners-api.md 5.3).
int acknowledge(context& in, job_record& job, std::string const& state) {
  if (state == "pending") {
    in.board.renew(job, in.now() + in.options.acknowledge_time.count());
    return 200;
  }
  if (state != "running") return 400;
  in.board.accept(job);
  return 200;
}

int apply_state(context& in, api_request& request, job_record& job, std::string const& state) {
  if (job.waiting_for_acknowledgement()) return acknowledge(in, job, state);
  if (state == "running") return 200;
  if (state != "success" && state != "failed") return 400;
  if (auto const same = compare_trace(request, job)) job.trace_intact = *same ? 1 : 0;
  in.board.finish(job, {state, request.params.text("failure_reason").value_or(""),
                        request.params.integer("exit_code")});
  return 200;
}

// PUT /jobs/:id (runners-api.md 5.5)
reply update_job(context& in, api_request& request) {
  auto job = admit_job(in, request);
  if (!job) return job.refusal;
  note_contact(in, request, *job);
  auto const state = request.params.text("state").value_or("");
  int const status = apply_state(in, request, *job, state);
  auto const now = in.data.jobs.find(job->id);
  return number_reply(status).with("Job-Status", now ? now->status : job->status);
}

// "<start>-<end>[/total]": only the start counts, the body's length says the rest.
std::optional<std::int64_t> range_start(std::string_view text) {
  std::int64_t start = 0;
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), start);
  if (failed != std::errc() || start < 0) return std::nullopt;
  if (end == text.data() + text.size() || *end != '-') return std::nullopt;
  return start;
}

// The log that people read never shows the job's own token; sizes do not move.
void hide(std::string& bytes, std::string const& token) {
  if (token.empty()) return;
  for (auto at = bytes.find(token); at != std::string::npos; at = bytes.find(token, at)) {
    std::string cover = "[MASKED]";
    cover.resize(token.size(), 'x');
    bytes.replace(at, token.size(), cover);
    at += token.size();
  }
}

reply append(context& in, api_request& request, job_record& job) {
  auto const offset = static_cast<std::uint64_t>(job.trace_size);
  auto const crc = crc32_after(static_cast<std::uint32_t>(job.trace_crc32), request.body);
  hide(request.body, job_token_of(request));
  if (auto const failed = in.traces.write(job.id, offset, request.body)) {
    return message_reply(500, fmt::format("500 Internal Server Error - {}", failed.message()));
  }
  job.trace_size += static_cast<std::int64_t>(request.body.size());
  job.trace_crc32 = crc;
  if (offset == 0 && request.params.boolean("debug_trace").value_or(false)) job.debug_trace = true;
  in.data.jobs.update(job);
  for (auto* const who : in.watchers) who->trace_appended(job.id, offset, request.body);
  return number_reply(202)
      .with("Range", fmt::format("0-{}", job.trace_size))
      .with("Job-Status", job.status)
      .with("X-GitLab-Trace-Update-Interval", std::to_string(in.trace_interval()));
}

// PATCH /jobs/:id/trace (runners-api.md 5.6)
reply append_trace(context& in, api_request& request) {
  auto job = admit_job(in, request);
  if (!job) return job.refusal;
  auto const range = request.field("Content-Range");
  if (range.empty()) return error_reply(400, "400 Missing header Content-Range");
  auto const start = range_start(range);
  if (!start) return error_reply(400, "400 Bad header Content-Range");
  if (*start != job->trace_size) {
    return error_reply(416, "416 Range Not Satisfiable")
        .with("Range", fmt::format("0-{}", job->trace_size));
  }
  auto const size = static_cast<std::uint64_t>(*start) + request.body.size();
  if (size > in.options.trace_limit) {
    in.board.finish(*job, {"failed", "trace_size_exceeded", std::nullopt});
    return forbidden("Trace size exceeds the limit").with("Job-Status", job->status);
  }
  transaction all(in.data.db);
  note_contact(in, request, *job);
  auto answer = append(in, request, *job);
  all.commit();
  return answer;
}

constexpr route table[] = {
    {"PUT", "/jobs/:id", "update_job", update_job},
    {"PATCH", "/jobs/:id/trace", "append_trace", append_trace, most_of_a_patch},
};

}  // namespace

std::span<route const> job_update_routes() { return table; }

}  // namespace corunner::coordinator
