#include "runner/manager/recovered_job.hpp"

#include "runner/gitlab/api_client.hpp"
#include "runner/journal/recovered_log.hpp"
#include "runner/manager/job_figures.hpp"
#include "runner/manager/logged_calls.hpp"
#include "runner/manager/pending_call.hpp"
#include "runner/trace/line_stamper.hpp"
#include "runner/trace/trace_uploader.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

namespace corunner {

namespace {

using namespace std::chrono_literals;

constexpr auto acceptance_limit = 2min;  // of the server
constexpr auto pause_between_questions = 5s;

constexpr std::string_view last_words =
    "\x1b[31;1mERROR: Job failed (system failure): the runner was restarted while the job ran"
    "\x1b[0;m\n";
constexpr std::string_view loss =
    "\x1b[0;33mWARNING: the last part of this log may be missing: the runner's machine stopped"
    "\x1b[0;m\n";

// Of the last line that has one.
std::string last_time(job_record const& job, recovered_log const& log) {
  constexpr std::size_t enough = 16 * 1024;
  auto const pattern = trace_time(job.taken);
  auto const tail = log.found_tail(enough);
  for (std::string_view rest = tail; !rest.empty();) {
    rest.remove_suffix(1);
    auto const begin = rest.rfind('\n') + 1;
    auto const time = rest.substr(begin, pattern.size());
    if (time.size() == pattern.size() && time[10] == 'T' && time.back() == 'Z') {
      return std::string(time);
    }
    rest = rest.substr(0, begin);
  }
  return pattern;
}

// What has to be said at the end of the log. Nothing is said twice: we may die more than once. The
// same log gets the same lines, with the time of its last one: the server may have a part of them
// already.
std::string last_lines(job_record const& job, recovered_log const& log) {
  std::string out;
  auto const tail = log.found_tail(2 * (loss.size() + last_words.size()));
  auto const say = [&](std::string_view text) {
    if (tail.find(text) != tail.npos) return;
    if (job.timestamps) out += last_time(job, log) + " 00O ";
    out += text;
  };
  if (job.log_damaged) say(loss);
  if (!job.end || job.ended_by_restart) say(last_words);
  if (!out.empty() && log.size() > 0 && !log.ends_with("\n")) out.insert(0, "\n");
  return out;
}

std::shared_ptr<gitlab::job_api> client_of(job_record const& job, manager_services& services,
                                           manager_options const& options, run_figures& figures) {
  gitlab::api_options how;
  how.url = job.url;
  how.system_id = options.identity.system_id;
  how.info.version = options.identity.version;
  how.info.revision = options.identity.revision;
  how.tls = job.tls;
  how.seed = options.seed + static_cast<std::uint64_t>(job.job.id);
  how.ended = counts_calls(figures, job.runner, job.url);
  return std::make_shared<gitlab::api_client>(services.http, services.time, std::move(how));
}

uploader_options uploader_options_of(job_record const& job) {
  uploader_options how;
  how.job = job.job;
  how.debug_trace = job.debug_trace;
  how.final_update_tries = job.final_update_tries;
  how.acknowledged = job.acknowledged;
  how.may_be_unaccepted = !job.accepted;
  return how;
}

// Whether the server may still wait for us to take up the job, as far as we know.
bool may_wait_for_us(job_record const& job, net::time_source const& time) {
  return time.wall_now() < job.taken + acceptance_limit;
}

// A job that the server does not know to run here is either given out again, maybe to us, or it
// runs and the answer that said so was lost with us; then it is ours to end. To be asked before
// anything is sent that would count for whoever runs it now. protocol.md 4.2
awaitable<bool> is_ours(gitlab::job_api& server, job_record const& job, net::time_source& time) {
  while (may_wait_for_us(job, time)) {
    auto const answer = co_await tell_pending(server, job.job);
    if (runs_already(answer)) co_return true;
    if (answer.what != gitlab::update_answer::kind::failed) co_return false;
    co_await time.sleep_for(pause_between_questions);
  }
  co_return false;
}

// A log that is not there, or cannot be read, is an empty one.
std::unique_ptr<recovered_log> open_log(asio::any_io_executor executor, job_journal& from,
                                        logger const& log) {
  std::unique_ptr<spool> storage;
  auto const size = from.log_size();
  if (size) {
    auto opened = from.open_log();
    if (opened) {
      storage = std::move(*opened);
    } else {
      log.error("The log of an interrupted job cannot be read",
                {{"error", opened.error().message()}});
    }
  }
  return std::make_unique<recovered_log>(std::move(executor), std::move(storage), size ? *size : 0);
}

// Brings log and record to their end.
void complete(interrupted_job& what, recovered_log& text, logger const& log) {
  auto& job = what.record;
  job.log_damaged = job.log_damaged || text.damaged();
  auto const lines = last_lines(job, text);
  text.append(lines);
  if (text.damaged()) log.warning("A part of the log of an interrupted job was lost");
  if (job.end) {
    log.info("Delivering the end of a job that was done before the restart");
  } else {
    log.warning("Job was interrupted by a restart of the runner");
    job.end.emplace().reason = gitlab::failure_reason::runner_system_failure;
    job.ended_by_restart = true;
  }
  if (!lines.empty()) what.journal.recovered(job, text.found());
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
                                    run_figures& figures, interrupted_job what) {
  auto const executor = co_await asio::this_coro::executor;
  auto& job = what.record;
  auto const log = services.log.with({{"job", job.job.id},
                                      {"project", job.project},
                                      {"runner", job.runner},
                                      {"runner_name", job.runner_name}});
  logged_calls client(client_of(job, services, options, figures), log);
  if (!job.accepted && !job.end && !co_await is_ours(client, job, services.time)) {
    log.info("A job that was not begun is left to the server");
    what.journal.forget();
    co_return;
  }
  auto text = open_log(executor, what.journal, log);
  co_await text->examine(services.pool, {.marks = std::move(job.marks),
                                         .ended = job.end.has_value(),
                                         .may_be_damaged = what.other_machine_start});
  text->server_holds(job.acknowledged);
  complete(what, *text, log);
  trace_uploader uploader(executor, services.time, services.pool, client, *text,
                          uploader_options_of(job));
  auto end = *job.end;
  auto const how = co_await uploader.finish(std::move(end));
  tell(log, how);
  what.journal.forget();
}

}  // namespace corunner
