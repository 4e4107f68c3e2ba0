#include "runner/manager/logged_calls.hpp"

#include "net/http_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace corunner {

namespace {

struct verdict {
  log_level level;
  std::string_view end;  // of the line
};

verdict of(gitlab::update_answer const& answer) {
  using enum gitlab::update_answer::kind;
  constexpr int not_there = 404;
  switch (answer.what) {
    case succeeded: return {log_level::info, "ok"};
    case accepted: return {log_level::info, "accepted, but not yet completed"};
    case log_wrong: return {log_level::info, "trace validation failed"};
    case aborted:
      return {log_level::warning, answer.status == not_there ? " not found" : " job failed"};
    case failed: break;
  }
  return {log_level::warning, " failed"};
}

verdict of(gitlab::patch_answer const& answer) {
  using enum gitlab::patch_answer::kind;
  switch (answer.what) {
    case stored: return {log_level::info, "ok"};
    case not_found: return {log_level::warning, " not-found"};
    case aborted: return {log_level::warning, " job failed"};
    case mismatch: return {log_level::warning, " range mismatch"};
    case refused:
    case failed: break;
  }
  return {log_level::warning, " failed"};
}

// What both kinds of answers say.
log_fields fields_of(auto const& answer) {
  std::chrono::nanoseconds const interval =
      answer.signals.trace_interval.value_or(std::chrono::seconds(0));
  return {{"code", answer.status},
          {"correlation_id", answer.note.correlation_id},
          {"job-status", answer.note.job_status},
          {"update-interval", interval}};
}

}  // namespace

awaitable<gitlab::poll_answer> logged_calls::request_job(gitlab::poll_request how) {
  return to_->request_job(std::move(how));
}

awaitable<gitlab::update_answer> logged_calls::update_job(gitlab::job_key const& job,
                                                          gitlab::job_update update) {
  log_fields const sent{{"bytesize", update.bytesize}, {"checksum", update.checksum}};
  log_.info("Updating job...", sent);
  auto answer = co_await to_->update_job(job, std::move(update));
  auto const how = of(answer);
  auto fields = fields_of(answer);
  fields.insert(fields.end(), sent.begin(), sent.end());
  if (how.level == log_level::warning) fields.emplace_back("status", answer.message);
  log_.log(how.level, fmt::format("Submitting job to coordinator...{}", how.end),
           std::move(fields));
  co_return answer;
}

awaitable<gitlab::patch_answer> logged_calls::patch_trace(gitlab::job_key const& job,
                                                          gitlab::trace_patch patch) {
  auto const first = patch.offset;
  auto const size = patch.bytes.size();
  auto answer = co_await to_->patch_trace(job, std::move(patch));
  if (size == 0) co_return answer;  // nothing was sent
  auto const how = of(answer);
  auto fields = fields_of(answer);
  fields.emplace_back("job-log", answer.note.stored);
  fields.emplace_back("sent-log", fmt::format("{}-{}", first, first + size - 1));
  fields.emplace_back("status",
                      how.level == log_level::info
                          ? fmt::format("{} {}", answer.status, net::status_text(answer.status))
                          : answer.message);
  log_.log(how.level, fmt::format("Appending trace to coordinator...{}", how.end),
           std::move(fields));
  co_return answer;
}

}  // namespace corunner
