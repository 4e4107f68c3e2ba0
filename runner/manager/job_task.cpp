#include "runner/manager/job_task.hpp"

#include "runner/gitlab/failure_reason.hpp"
#include "runner/gitlab/job_payload.hpp"
#include "runner/gitlab/payload_check.hpp"
#include "runner/gitlab/short_token.hpp"
#include "runner/job/feature_flags.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <fstream>
#include <sstream>
#include <utility>

namespace corunner {

using namespace std::chrono_literals;

namespace {

// How long a slot waits for the end of its job to be delivered. A server at work answers well
// within; one that is slow or away must not keep the next job from running.
constexpr auto delivery_grace = 250ms;

// A log of a job that cannot be kept: why it failed.
constexpr std::size_t room_for_a_refusal = 16 * 1024;

// How long the end of a job may wait for GitLab in memory of the kernel alone.
constexpr auto sync_after = 5s;

// Lets the run know when the server changes its mind.
awaitable<void> relay(net::event& from, job_run& to, void (job_run::*how)()) {
  if (error_code const ec = co_await from.wait(); !ec) (to.*how)();
}

// A certificate or key of a few kilobytes; empty when it cannot be read.
std::string small_file(std::filesystem::path const& path) {
  if (path.empty()) return {};
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace

job_task::job_task(asio::any_io_executor executor, manager_services& services,
                   manager_options const& options, concurrency_ids& ids,
                   build_directories& directories, run_figures& figures, assignment what)
    : executor_(executor),
      services_(services),
      options_(options),
      ids_(ids),
      directories_(directories),
      runner_(std::move(what.runner)),
      figures_(figures, *runner_),
      payload_(std::make_shared<gitlab::job_payload const>(std::move(what.job.payload))),
      api_(std::move(what.api), call_log(services.log, *payload_, *runner_)),
      correlation_id_(std::move(what.job.correlation_id)),
      ca_chain_(std::move(what.job.ca_chain)),
      tls_(std::move(what.tls)),
      broken_(std::move(what.broken)),
      log_(job_log(services.log, *payload_, *runner_)),
      may_start_(executor),
      delivered_(executor),
      journal_(services.journal.add(payload_->id)),
      children_(executor) {
  if (what.has_slot) may_start_.set();
}

job_task::~job_task() = default;

awaitable<std::optional<job_outcome>> job_task::run(std::function<void()> work_done) {
  work_done_ = std::move(work_done);
  began_ = services_.time.now();
  call_log(services_.log, *payload_, *runner_)
      .info("Checking for jobs... received", {{"correlation_id", correlation_id_},
                                              {"repo_url", shown_repository(*payload_)}});
  std::optional<job_outcome> how;
  std::exception_ptr failure;
  try {
    how = co_await process();
  } catch (...) {
    failure = std::current_exception();
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  release();
  if (failure) children_.cancel();
  co_await children_.join();
  if (was_added()) log_listed(log_, "Removed job from processing list", *payload_);
  if (failure) std::rethrow_exception(failure);
  co_return how;
}

awaitable<std::optional<job_outcome>> job_task::process() {
  numbers_.emplace(ids_.take(runner_->token.reveal(), payload_->job_info.project_id));
  auto const input = make_input();
  auto how_traced = trace_options_of(input);
  auto how_sent = make_uploader_options(input);
  auto storage = open_journal(how_traced.timestamps, how_sent);
  std::string no_storage;
  if (!storage) {
    no_storage = "cannot keep the job's log: " + storage.error().message();
    storage = make_memory_spool(room_for_a_refusal);
  }
  trace_ = std::make_unique<job_trace>(executor_, services_.time, std::move(*storage),
                                       std::move(how_traced));
  trace_->tell([this](auto kind, std::string_view text) { log_line(log_, kind, text); });
  secrets_ =
      log_.target().filters().add([this](std::string_view text) { return trace_->hide(text); });
  uploader_ = std::make_unique<trace_uploader>(executor_, services_.time, services_.pool, api_,
                                               *trace_, std::move(how_sent));
  if (!broken_.empty()) {
    co_return co_await refuse(rejected_payload("ERROR: the job cannot be read: " + broken_));
  }
  if (auto why = gitlab::refusal(*payload_); !why.empty()) {
    co_return co_await refuse(rejected_payload(std::move(why)));
  }
  if (!may_start_.is_set()) {
    log_.info("Job waits for a free slot");
    co_await trace_->raw("Waiting for a free slot of this runner...\n");
    auto const how = co_await keep_pending();
    if (how == turn::dropped) co_return withdrawn();
    if (how == turn::canceled) co_return co_await refuse(canceled_before_start(*payload_));
  }
  switch (co_await uploader_->accept()) {
    case acceptance::aborted:
      co_return withdrawn();
    case acceptance::canceling:
      co_return co_await refuse(canceled_before_start(*payload_));
    case acceptance::go:
      figures_.added(*runner_, payload_->job_info, services_.time.wall_now());
      log_listed(log_, "Added job to processing list", *payload_);
      break;
  }
  if (!no_storage.empty()) {
    auto how = rejected_payload("ERROR: Job failed (system failure): " + no_storage);
    how.exit_code = 0;
    co_return co_await refuse(std::move(how));
  }
  children_.spawn(uploader_->run());
  if (co_await wait_while_running() == turn::canceled) {
    co_return co_await refuse(canceled_before_start(*payload_));
  }
  auto const how = co_await work(input);
  tell_end(how);
  co_await deliver(how);
  co_return how;
}

// The server has given the job to somebody else, or will.
std::nullopt_t job_task::withdrawn() {
  log_.warning("Job was withdrawn before it began");
  journal_.forget();
  return std::nullopt;
}

job_record job_task::make_record() const {
  job_record out;
  out.job = {payload_->id, payload_->token};
  out.project = payload_->job_info.project_id;
  out.url = runner_->url;
  out.tls = tls_;
  out.runner = gitlab::short_token(runner_->token.reveal());
  out.runner_name = runner_->name;
  out.machine_start = services_.journal.machine_start();
  out.taken = services_.time.wall_now();
  return out;
}

// A place for the log, with the record beside it from which the next start would go on.
result<std::unique_ptr<spool>> job_task::open_journal(bool timestamps,
                                                      uploader_options const& uploading) {
  auto record = make_record();
  record.timestamps = timestamps;
  record.debug_trace = uploading.debug_trace;
  record.final_update_tries = uploading.final_update_tries;
  journal_.began(record);
  auto storage = journal_.open_log();
  if (error_code const failed = journal_.trouble()) {
    log_.warning("The job cannot be recorded: should this process die, it would be lost",
                 {{"error", failed.message()}});
  }
  if (!storage) return storage;
  if (services_.watch_log) *storage = services_.watch_log(std::move(*storage));
  return storage;
}

awaitable<job_outcome> job_task::work(job_input const& input) {
  job_services parts{
      .time = services_.time,
      .trace = *trace_,
      .make_executor = services_.make_executor,
      .log_warning = [this](std::string const& text) { log_.warning(text); },
      .log_stage = [this](std::string_view what,
                          std::string const& stage) { log_.debug(what, {{"build_stage", stage}}); },
      .image_configured = [this](std::string_view what,
                                 gitlab::job_image const& image) { log_image(log_, what, image); },
      .creates =
          [this](exec::leftover const& what) {
            journal_.creates(what);
            created_.push_back(what);
          },
      .directories = &directories_,
      .pool = &services_.pool,
      .stage_ended = [this](
                         std::string const& stage,
                         net::time_source::duration took) { figures_.stage_ended(stage, took); }};
  run_ = std::make_unique<job_run>(executor_, input, std::move(parts));
  if (!shutdown_signal_.empty()) run_->shutdown(shutdown_signal_);

  net::task_group relays(executor_);
  relays.spawn(relay(uploader_->canceled(), *run_, &job_run::cancel));
  relays.spawn(relay(uploader_->aborted(), *run_, &job_run::abort));
  std::exception_ptr failure;
  job_outcome how;
  try {
    how = co_await run_->run();
  } catch (...) {
    failure = std::current_exception();
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  relays.cancel();
  co_await relays.join();
  co_await trace_->close();
  if (failure) std::rethrow_exception(failure);
  co_return how;
}

job_input job_task::make_input() const {
  job_input input;
  input.payload = payload_;
  input.runner = runner_;
  input.identity = options_.identity;
  input.concurrent_id = numbers_->id();
  input.concurrent_project_id = numbers_->project_id();
  input.correlation_id = correlation_id_;
  input.tls_ca_chain = ca_chain_;
  input.tls_certificate = small_file(tls_.certificate_file);
  input.tls_key = small_file(tls_.key_file);
  input.working_directory = options_.working_directory;
  input.user = options_.user;
  return input;
}

uploader_options job_task::make_uploader_options(job_input const& input) {
  auto const tries = std::max<std::int64_t>(runner_->job_status_final_update_retry_limit, 0);
  uploader_options how;
  how.job = {payload_->id, payload_->token};
  how.debug_trace = shows_debug_output(input);
  // The runner's to decide, not the job's (protocol.md 10).
  how.dynamic_force_send =
      runner_flag(runner_->feature_flags.or_empty(), "FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL");
  how.final_update_tries = static_cast<unsigned>(tries);
  how.accepted = [this] { journal_.accepted(); };
  how.stored = [this](std::uint64_t bytes) { journal_.acknowledged(bytes, mark()); };
  return how;
}

awaitable<job_outcome> job_task::refuse(job_outcome how) {
  if (!how.message.empty() && how.unmapped != gitlab::failure_reason::job_canceled) {
    co_await trace_->raw(how.message + "\n");
  }
  co_await trace_->close();
  tell_end(how);
  co_await deliver(how);
  co_return how;
}

log_mark job_task::mark() const { return {trace_->size(), trace_->checksum()}; }

// The numbers go with the slot: the next job shall find the same directory.
void job_task::release() {
  numbers_.reset();
  if (work_done_) std::exchange(work_done_, nullptr)();
}

awaitable<void> job_task::release_soon() {
  using namespace asio::experimental::awaitable_operators;
  co_await (delivered_.wait() || services_.time.sleep_for(delivery_grace));
  release();
}

// A job that GitLab takes at once needs no disk.
awaitable<void> job_task::sync_unless_delivered() {
  using namespace asio::experimental::awaitable_operators;
  co_await (delivered_.wait() || services_.time.sleep_for(sync_after));
  if (!delivered_.is_set()) co_await journal_.sync(services_.pool);
}

awaitable<void> job_task::deliver(job_outcome const& how) {
  job_end const end{.success = how.ok(), .reason = how.reason, .exit_code = how.exit_code,
                    .runtime_environment_key = {}};
  journal_.ended(end, mark());
  children_.spawn(sync_unless_delivered());
  children_.spawn(release_soon());
  auto const outcome = co_await uploader_->finish(end);
  delivered_.set();
  journal_.forget();
  switch (outcome.what) {
    case delivery::kind::delivered:
      log_.debug("Job's end delivered");
      break;
    case delivery::kind::refused:
      log_.warning("Job's end was refused by the server", {{"error", outcome.message}});
      break;
    case delivery::kind::lost:
      log_.error("Job's end could not be delivered", {{"error", outcome.message}});
      break;
  }
}

void job_task::tell_end(job_outcome const& how) {
  figures_.ended(runner_->executor, how, age());
  log_end(log_, how, age());
}

void job_task::shutdown(std::string const& signal_name) {
  shutdown_signal_ = signal_name;
  give_back();
  may_start_.set();
  if (run_) run_->shutdown(signal_name);
}

}  // namespace corunner
