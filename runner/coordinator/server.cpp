#include "runner/coordinator/server.hpp"

#include "net/http_server.hpp"
#include "net/sockets.hpp"
#include "net/task_group.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/new_runner.hpp"
#include "runner/coordinator/pipeline_start.hpp"
#include "runner/coordinator/runner_status.hpp"
#include "runner/coordinator/token.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace corunner::coordinator {

namespace {

constexpr auto drain_time = std::chrono::seconds(10);

maybe_time sooner(maybe_time one, maybe_time other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

void make_private(std::filesystem::path const& directory) {
  std::filesystem::create_directories(directory);
  std::filesystem::permissions(directory, std::filesystem::perms::owner_all);
}

}  // namespace

struct server::state {
  state(asio::any_io_executor loop, net::time_source& clock, net::blocking_pool& threads,
        exec::process_launcher& starter, server_options how)
      : executor(loop), time(clock), pool(threads), launcher(starter), options(std::move(how)) {}

  asio::any_io_executor executor;
  net::time_source& time;
  net::blocking_pool& pool;
  exec::process_launcher& launcher;
  server_options options;
  std::string administrator_token;
  std::string registration_token;
  std::unique_ptr<net::listener> listener;
  std::unique_ptr<context> in;
  std::unique_ptr<dispatcher> answers;
  std::unique_ptr<net::http_server> http;

  void first_start();
  awaitable<void> keep_time();
  awaitable<void> checkpoint();
};

void server::state::first_start() {
  auto& access = in->data.access;
  if (access.count_users() > 0) return;
  transaction all(in->data.db);
  auto const user =
      access.add_user({0, "root", "Administrator", "root@localhost", true, in->now()});
  administrator_token = make_token("glpat-");
  access.add_token(user, sha256(administrator_token), "first start", "api");
  registration_token = make_token("GR1348941");
  access.set_setting("registration_token_hash", sha256(registration_token));
  all.commit();
}

// Moves the WAL into the database, away from the loop.
awaitable<void> server::state::checkpoint() {
  auto& db = in->data.db;
  if (db.path().empty() || !db.checkpoint_due()) co_return;
  db.checkpoint_started();
  auto work = [path = db.path()] { database::checkpoint(path); };
  co_await net::on_pool(pool, std::move(work));
  if (db.wal_too_long()) db.checkpoint_here();
}

// Does what is due: delayed jobs, jobs that no runner accepted, managers long gone, checkpoints.
awaitable<void> server::state::keep_time() {
  using namespace asio::experimental::awaitable_operators;
  while (!in->stopping.is_set()) {
    in->deadlines.reset();
    auto next = in->board.expire(in->now());
    next = sooner(next, forget_stale_managers(*in));
    co_await checkpoint();
    auto until = net::time_source::time_point::max();
    if (next) {
      until = time.now() + std::chrono::milliseconds(std::max<std::int64_t>(0, *next - in->now()));
    }
    co_await (in->deadlines.wait() || time.sleep_until(until) || in->stopping.wait());
  }
}

server::server(asio::any_io_executor executor, net::time_source& time, net::blocking_pool& pool,
               exec::process_launcher& launcher, server_options options)
    : state_(std::make_unique<state>(executor, time, pool, launcher, std::move(options))) {}

server::~server() = default;

std::optional<std::string> server::open() {
  auto& s = *state_;
  try {
    for (auto const* const part : {"", "traces", "artifacts", "git"}) {
      make_private(s.options.state_dir / part);
    }
    auto const file =
        s.options.in_memory ? std::filesystem::path() : s.options.state_dir / "coordinator.db";
    s.in = std::make_unique<context>(s.executor, s.time, s.pool, s.launcher, s.options, file);
    s.in->data.db.checkpoint_wanted = [&in = *s.in] { in.deadlines.set(); };
    s.first_start();
    s.in->board.restore();
  } catch (std::exception const& failed) {
    return failed.what();
  }
  auto listening = net::listen_tcp(s.executor, s.options.bind_host, s.options.bind_port);
  if (!listening) {
    return fmt::format("cannot listen on '{}:{}': {}", s.options.bind_host, s.options.bind_port,
                       listening.error().message());
  }
  s.listener = std::move(*listening);
  auto& url = s.in->options.advertised_url;
  if (url.empty()) url = "http://" + s.listener->address();
  while (url.ends_with('/')) url.pop_back();
  s.in->failed = [this](std::string const& what) {
    if (failed) failed(what);
  };
  s.answers = std::make_unique<dispatcher>(*s.in);
  s.http = std::make_unique<net::http_server>(
      s.executor, s.time,
      [&s](net::http_exchange& exchange) { return s.answers->handle(exchange); });
  s.http->failed = s.in->failed;
  return std::nullopt;
}

awaitable<void> server::run() {
  auto& s = *state_;
  net::task_group keeper(s.executor);
  keeper.spawn(s.keep_time());
  co_await s.http->serve(*s.listener);
  // Also when we were cancelled: exchanges end, nothing of ours outlives this.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  stop();
  co_await s.http->drain(drain_time);
  keeper.cancel();
  co_await keeper.join();
}

void server::stop() {
  auto& s = *state_;
  if (s.http) s.http->stop();
  if (s.in) s.in->stopping.set();
}

std::string server::address() const { return state_->listener->address(); }
std::string server::url() const { return state_->in->url(); }
std::string const& server::administrator_token() const { return state_->administrator_token; }
std::string const& server::registration_token() const { return state_->registration_token; }

runner_credentials server::add_runner(runner_settings settings) {
  auto& in = *state_->in;
  runner_record runner;
  runner.description = std::move(settings.description);
  runner.tags = std::move(settings.tags);
  runner.run_untagged = settings.run_untagged;
  if (settings.maximum_timeout) runner.maximum_timeout = *settings.maximum_timeout;
  runner.creator_id = 1;
  runner_credentials made;
  made.token = store_new_runner(in, runner);
  made.id = runner.id;
  return made;
}

std::int64_t server::add_project(project_settings settings) {
  auto& in = *state_->in;
  project_record project;
  project.path = std::move(settings.path);
  project.repository = settings.repository.string();
  project.default_branch = std::move(settings.default_branch);
  project.created_at = in.now();
  in.data.projects.save(project);
  return project.id;
}

std::filesystem::path server::git_dir(std::int64_t project) const {
  return git_dir_of(*state_->in, project);
}

awaitable<start_outcome> server::start_pipeline(std::int64_t project, pipeline::plan plan,
                                                snapshot from) {
  co_return co_await coordinator::start_pipeline(*state_->in, project, std::move(plan),
                                                 std::move(from));
}

void server::cancel_pipeline(std::int64_t id) { state_->in->board.cancel_pipeline(id); }
bool server::cancel_job(std::int64_t id) { return state_->in->board.cancel(id); }
bool server::play_job(std::int64_t id) { return state_->in->board.play(id); }
std::int64_t server::retry_job(std::int64_t id) { return state_->in->board.retry(id); }

std::vector<pipeline_view> server::pipelines() const {
  std::vector<pipeline_view> views;
  for (auto const& pipeline : state_->in->data.jobs.pipelines()) views.push_back(view_of(pipeline));
  return views;
}

std::optional<pipeline_view> server::find_pipeline(std::int64_t id) const {
  auto const pipeline = state_->in->data.jobs.find_pipeline(id);
  if (!pipeline) return std::nullopt;
  return view_of(*pipeline);
}

std::vector<job_view> server::jobs(std::int64_t pipeline) const {
  auto& in = *state_->in;
  std::vector<job_view> views;
  for (auto const& job : in.data.jobs.of_pipeline(pipeline)) {
    views.push_back(view_of(job, in.board.plans().of(pipeline)->job(job.name).tags));
  }
  return views;
}

std::filesystem::path server::artifact(std::int64_t job, std::string const& type) const {
  auto const found = state_->in->data.artifacts.find(job, type);
  return found ? state_->options.state_dir / found->path : std::filesystem::path();
}

std::filesystem::path server::trace(std::int64_t job) const { return state_->in->traces.path(job); }

std::vector<job_view> server::stuck_jobs() const {
  auto& in = *state_->in;
  std::vector<runner_profile> runners;
  for (auto const& runner : in.data.runners.all()) {
    if (runner.active) runners.push_back(profile_of(in.data, runner));
  }
  std::vector<job_view> stuck;
  for (auto const& [id, job] : in.queue.pending()) {
    bool const taken = std::any_of(runners.begin(), runners.end(),
                                   [&](auto const& runner) { return may_take(runner, job); });
    auto const row = in.data.jobs.find(id);
    if (!taken && row) stuck.push_back(view_of(*row, job.tags));
  }
  return stuck;
}

void server::watch(observer& who) { state_->in->watchers.push_back(&who); }

void server::unwatch(observer& who) { std::erase(state_->in->watchers, &who); }

fault_plan& server::faults() { return state_->in->faults; }

}  // namespace corunner::coordinator
