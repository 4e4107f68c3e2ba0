#include "runner/manager/recovered_job.hpp"

#include "runner/gitlab/api_client.hpp"
#include "runner/journal/recovered_log.hpp"
#include "runner/trace/line_stamper.hpp"
#include "runner/trace/trace_uploader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {

namespace {

using namespace std::chrono_literals;

constexpr auto acceptance_limit = 2min;  // of the server
constexpr auto pause_between_questions = 5s;

constexpr std::string_view last_words =
    "\x1b[31;1mERROR: Job failed (system failure): the runner was restarted while the job ran"
    "\x1b[0;m\n";

// Empty when it is there already: we died more than once.
std::string last_line(job_record const& job, recovered_log const& log,
                      net::time_source const& time) {
  std::string out;
  if (log.ends_with(last_words)) return out;
  if (log.size() > 0 && !log.ends_with("\n")) out += '\n';
  if (job.timestamps) out += trace_time(time.wall_now()) + " 00O ";
  return out.append(last_words);
}

gitlab::api_client client_of(job_record const& job, manager_services& services,
                             manager_options const& options) {
  gitlab::api_options how;
  how.url = job.url;
  how.system_id = options.identity.system_id;
  how.info.version = options.identity.version;
  how.info.revision = options.identity.revision;
  how.tls = job.tls;
  return {services.http, services.time, std::move(how)};
}

uploader_options uploader_options_of(job_record const& job, std::uint64_t log_size,
                                     logger const& log) {
  uploader_options how;
  how.job = job.job;
  how.debug_trace = job.debug_trace;
  how.final_update_tries = job.final_update_tries;
  // After a loss of power the log may be shorter than what was sent of it.
  how.acknowledged = std::min(job.acknowledged, log_size);
  how.warn = [log](std::string_view trouble, std::string const& status) {
    log.warning(std::string(trouble), {{"status", status}});
  };
  return how;
}

// Whether the server may still wait for us to take up the job, as far as we know.
bool may_wait_for_us(job_record const& job, net::time_source const& time) {
  return time.wall_now() < job.taken + acceptance_limit;
}

// A job that the server does not know to run here is either given out again, maybe to us, or it runs
// and the answer that said so was lost with us; then it is ours to end. To be asked before anything is
// sent that would count for whoever runs it now. protocol.md 4.2
awaitable<bool> is_ours(gitlab::job_api& server, job_record const& job, net::time_source& time) {
  while (may_wait_for_us(job, time)) {
    gitlab::job_update waiting;
    waiting.state = gitlab::job_state::pending;
    auto const answer = co_await server.update_job(job.job, std::move(waiting));
    bool const conflict = answer.status == 400 || answer.status == 409;
    if (conflict) co_return true;
    if (answer.what != gitlab::update_answer::kind::failed) co_return false;
    co_await time.sleep_for(pause_between_questions);
  }
  co_return false;
}

void tell(logger const& log, delivery const& how) {
  switch (how.what) {
    case delivery::kind::delivered: return log.info("Job's end delivered");
    case delivery::kind::refused:
      return log.warning("Job's end was refused by the server", {{"error", how.message}});
    case delivery::kind::lost:
      return log.error("Job's end could not be delivered", {{"error", how.message}});
  }
}

}  // namespace

awaitable<void> deliver_interrupted(manager_services& services, manager_options const& options,
                                    interrupted_job what) {
  auto const executor = co_await asio::this_coro::executor;
  auto& job = what.record;
  auto const log = services.log.with({{"job", job.job.id},
                                      {"project", job.project},
                                      {"runner", job.runner},
                                      {"runner_name", job.runner_name}});
  auto client = client_of(job, services, options);
  if (!job.accepted && !job.end && !co_await is_ours(client, job, services.time)) {
    log.info("A job that was not begun is left to the server");
    what.journal.forget();
    co_return;
  }
  auto const size = what.journal.log_size();
  auto storage = what.journal.open_log();
  if (!storage) {
    log.error("The log of an interrupted job cannot be read", {{"error", storage.error().message()}});
    co_return;
  }
  recovered_log text(executor, std::move(*storage), size ? *size : 0);
  co_await text.compute_checksum(services.pool);
  if (!job.end) {
    log.warning("Job was interrupted by a restart of the runner");
    auto const line = last_line(job, text, services.time);
    if (error_code const failed = text.append(line)) {
      log.error("The log of an interrupted job cannot be written", {{"error", failed.message()}});
    }
    job.end.emplace().reason = gitlab::failure_reason::runner_system_failure;
    what.journal.ended(*job.end);
  } else {
    log.info("Delivering the end of a job that was done before the restart");
  }
  trace_uploader uploader(executor, services.time, services.pool, client, text,
                          uploader_options_of(job, text.size(), log));
  auto end = *job.end;
  auto const how = co_await uploader.finish(std::move(end));
  tell(log, how);
  what.journal.forget();
}

}  // namespace corunner
