#include "test/simulation/world.hpp"

#include "net/http_server.hpp"
#include "runner/command/live_log.hpp"
#include "test/simulation/drawn_configuration.hpp"
#include "test/simulation/gitlab.hpp"
#include "test/simulation/life.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/memory_storage.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <set>
#include <sstream>

namespace corunner::simulation {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_steps = 200'000;
constexpr auto longest_life = 24h;

weather draw_weather(chance& random) {
  if (random.percent(25)) return {};  // a fine day
  return {.error = static_cast<unsigned>(random.between(0, 15)),
          .drop_before = static_cast<unsigned>(random.between(0, 10)),
          .drop_after = static_cast<unsigned>(random.between(0, 10)),
          .slow = static_cast<unsigned>(random.between(0, 10)),
          .wrong_range = static_cast<unsigned>(random.between(0, 5)),
          .not_yet = static_cast<unsigned>(random.between(0, 20))};
}

// One seed's world: everything that main.cpp composes, in memory.
class world {
 public:
  world(std::uint64_t seed, std::function<void(std::string const&)> log);
  verdict run();

 private:
  void say(std::string const& text);
  void breach(std::string text);
  life& now() { return *lives_.back(); }
  void begin_life();
  awaitable<void> deaths(std::int64_t count);
  void kill();
  bool somebody_is_left() const;
  awaitable<void> outages(std::int64_t count);
  awaitable<void> arrivals(std::int64_t count);
  awaitable<void> cancellations();
  awaitable<void> edits(std::int64_t count);
  awaitable<void> run_manager(life& whose);
  awaitable<void> stop_when_done();
  bool step();
  void check_step();
  void check_end();
  void check_job(std::int64_t id, gitlab_world::job const& job);
  void check_log(std::int64_t id, gitlab_world::job const& job, bool whole);

  std::function<void(std::string const&)> log_;
  chance random_;
  asio::io_context io_;
  test::manual_time time_;
  net::blocking_pool pool_{0};
  test::memory_dialer network_;
  gitlab_world gitlab_;
  net::http_server server_;
  std::unique_ptr<net::listener> listener_;
  log_target log_target_;
  drawn_configuration configuration_;
  test::memory_disk disk_;
  std::vector<std::unique_ptr<life>> lives_;
  std::set<std::int64_t> died_with_us_;  // jobs that somebody ran when we were killed
  bool immortal_ = true;                 // no more deaths to come
  // The server notices late that nobody waits for the answer to a held poll.
  net::time_source::time_point held_by_ghosts_until_{};
  // `concurrent`, or what was taken when it was lowered below that: it can only become less.
  std::int64_t bound_ = 0;
  std::int64_t jobs_ = 0;
  std::int64_t arrived_ = 0;
  bool away_ = false;
  bool interrupted_ = false;
  verdict verdict_;
  net::task_group tasks_;
};

world::world(std::uint64_t seed, std::function<void(std::string const&)> log)
    : log_(std::move(log)),
      random_(seed),
      time_(io_.get_executor()),
      network_(io_.get_executor()),
      gitlab_(io_.get_executor(), time_, random_, draw_weather(random_)),
      server_(io_.get_executor(), time_,
              [this](net::http_exchange& exchange) { return gitlab_.handle(exchange); }),
      listener_(network_.listen("gitlab.test", 80)),
      log_target_(time_, [this](std::string_view line) { say(std::string(line)); }),
      configuration_(random_),
      tasks_(io_.get_executor()) {
  bound_ = configuration_.values().concurrent;
  log_target_.set_level(log_level::debug);
  log_target_.set_format(log_format::text);
  gitlab_.log = [this](std::string const& text) { say(text); };
  server_.failed = [this](std::string const& text) { breach("the world's server: " + text); };
  network_.plan = [this](net::dial_target const&, std::size_t) {
    test::dial_plan plan;
    if (away_) plan.refuse = asio::error::connection_refused;
    if (random_.percent(3)) plan.to_client.reset_after = random_.next() % 2000;
    if (random_.percent(3)) plan.to_server.reset_after = random_.next() % 2000;
    if (random_.percent(20)) plan.to_client.split_seed = random_.next();
    if (random_.percent(20)) plan.to_server.split_seed = random_.next();
    return plan;
  };
}

void world::say(std::string const& text) {
  if (!log_) return;
  auto const passed = std::chrono::duration<double>(time_.now().time_since_epoch()).count();
  log_(fmt::format("{:10.3f} {}", passed, text.ends_with('\n') ? text.substr(0, text.size() - 1) : text));
}

void world::breach(std::string text) {
  say("BREACH: " + text);
  verdict_.breaches.push_back(std::move(text));
}

void world::begin_life() {
  lives_.push_back(std::make_unique<life>(
      life::world_parts{io_.get_executor(), time_, pool_, network_, disk_, logger(log_target_)},
      lives_.size() + 1, random_.next(), configuration_.values()));
  tasks_.spawn(run_manager(now()));
}

void world::kill() {
  say("manager: is killed");
  for (auto const& [id, job] : gitlab_.jobs()) {
    using status = gitlab_world::status;
    if (job.now == status::running || job.now == status::canceling) died_with_us_.insert(id);
  }
  now().kill();
  network_.reset_all();
  held_by_ghosts_until_ = time_.now() + 2min;
}

// Ghosts try to deliver for as long as a server would wait.
bool world::somebody_is_left() const {
  return !tasks_.empty() || std::ranges::any_of(lives_, [](auto const& each) {
    return each->manager().running_jobs() > 0;
  });
}

// The process is killed now and then, and started again.
awaitable<void> world::deaths(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    auto const lifetime = std::chrono::milliseconds(random_.between(1, 120'000));
    if (co_await time_.sleep_for(lifetime)) co_return;
    if (gitlab_.all_ended() && arrived_ == jobs_) break;
    kill();
    if (co_await time_.sleep_for(std::chrono::seconds(random_.between(0, 30)))) co_return;
    say("manager: starts again");
    begin_life();
  }
  immortal_ = true;
}

awaitable<void> world::arrivals(std::int64_t count) {
  for (std::int64_t id = 1; id <= count; ++id) {
    if (random_.percent(50)) {
      if (co_await time_.sleep_for(std::chrono::seconds(random_.between(0, 60)))) co_return;
    }
    gitlab_.add(make_job(id, random_));
    ++arrived_;
    say(fmt::format("gitlab: job {} is queued", id));
  }
}

// The server goes away now and then; its connections break.
awaitable<void> world::outages(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (co_await time_.sleep_for(std::chrono::seconds(random_.between(1, 300)))) co_return;
    say("gitlab: goes away");
    away_ = true;
    network_.reset_all();
    auto const ec = co_await time_.sleep_for(std::chrono::seconds(random_.between(1, 90)));
    away_ = false;
    say("gitlab: is back");
    if (ec) co_return;
  }
}

// A person cancels what hangs, and sometimes what does not.
awaitable<void> world::cancellations() {
  while (arrived_ < jobs_ || !gitlab_.all_ended()) {
    if (co_await time_.sleep_for(std::chrono::seconds(random_.between(20, 120)))) co_return;
    for (auto const& [id, job] : gitlab_.jobs()) {
      bool const hangs = job.what.meant == fate::waits_for_cancel;
      if (job.cancel_asked || job.now != gitlab_world::status::running) continue;
      if (hangs || random_.percent(3)) gitlab_.cancel(id, random_.percent(60));
    }
  }
}

// A person edits config.toml while the runner is at work.
awaitable<void> world::edits(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (co_await time_.sleep_for(std::chrono::seconds(random_.between(1, 200)))) co_return;
    say("config.toml: " + configuration_.edit());
    if (i + 1 == count) configuration_.make_whole();
    auto const taken = static_cast<std::int64_t>(now().manager().slots_taken());
    bound_ = std::max(configuration_.values().concurrent, std::min(bound_, taken));
    now().manager().reconfigure(configuration_.values());
  }
}

awaitable<void> world::run_manager(life& whose) {
  co_await whose.run();
  say(whose.alive() ? "manager: has ended" : "manager: the ghost is gone");
}

awaitable<void> world::stop_when_done() {
  while (arrived_ < jobs_ || !gitlab_.all_ended() || !immortal_) {
    if (co_await time_.sleep_for(5s)) co_return;
    if (immortal_ && interrupted_ && random_.percent(2)) {
      say("manager: is told to stop by SIGTERM");
      now().manager().stop_forcefully("terminated");
      co_return;
    }
  }
  interrupted_ = false;
  say("manager: is told to stop");
  now().manager().stop_gracefully();
}

bool world::step() {
  test::settle(io_);
  check_step();
  bool const ended = now().alive() && now().ended();
  if (ended || !verdict_.breaches.empty()) return false;
  auto const next = time_.next_deadline();
  if (next == net::time_source::time_point::max()) {
    breach("everything waits and nothing has a deadline");
    return false;
  }
  time_.advance(next - time_.now());
  if (time_.now().time_since_epoch() > longest_life) {
    breach("not every job ended within a day");
    return false;
  }
  return true;
}

verdict world::run() {
  jobs_ = random_.between(1, 8);
  interrupted_ = random_.percent(10);
  tasks_.spawn(server_.serve(*listener_));
  tasks_.spawn(arrivals(jobs_));
  tasks_.spawn(outages(random_.percent(40) ? random_.between(1, 3) : 0));
  tasks_.spawn(cancellations());
  tasks_.spawn(edits(random_.percent(50) ? random_.between(1, 8) : 0));
  begin_life();
  if (random_.percent(40)) {
    immortal_ = false;
    tasks_.spawn(deaths(random_.between(1, 4)));
  }
  tasks_.spawn(stop_when_done());
  while (verdict_.steps++ < most_steps && step()) {
  }
  if (verdict_.steps >= most_steps) breach("no end in sight");
  bool const clean = verdict_.breaches.empty();
  server_.stop();
  listener_->close();
  tasks_.cancel();
  for (int i = 0; i < 200 && somebody_is_left(); ++i) {
    test::settle(io_);
    time_.advance(60s);
  }
  for (auto const& each : lives_) each->close_idle();
  test::settle(io_);
  if (somebody_is_left()) std::terminate();  // a coroutine that cannot be cancelled: no world survives
  if (clean) check_end();
  verdict_.jobs = static_cast<std::size_t>(jobs_);
  return verdict_;
}

void world::check_step() {
  for (auto const& text : gitlab_.breaches()) verdict_.breaches.push_back(text);
  bound_ = std::max(configuration_.values().concurrent,
                    std::min<std::int64_t>(bound_, now().manager().slots_taken()));
  if (!now().alive()) return;
  auto const prepared = now().dummies().prepared;
  if (prepared > bound_) breach(fmt::format("{} environments where {} fit", prepared, bound_));
  if (time_.now() < held_by_ghosts_until_) return;
  auto const busy = static_cast<std::int64_t>(gitlab_.held_polls()) + prepared;
  if (busy > bound_) {
    breach(fmt::format("{} held polls and {} jobs where {} fit", gitlab_.held_polls(), prepared,
                       bound_));
  }
}

void world::check_end() {
  if (now().dummies().prepared != 0) breach("an environment was not cleaned up");
  if (now().dummies().strays != 0) breach("a stray was left behind");
  if (time_.sleepers() != 0) breach("something still sleeps");
  if (now().manager().running_jobs() != 0) breach("the manager ended with jobs");
  for (auto const& [id, job] : gitlab_.jobs()) check_job(id, job);
}

void world::check_job(std::int64_t id, gitlab_world::job const& job) {
  using status = gitlab_world::status;
  bool const died = died_with_us_.contains(id) && job.failure_reason == "runner_system_failure";
  bool const left_alone = !job.cancel_asked && !interrupted_ && !died;
  if (!left_alone) return check_log(id, job, false);
  auto const wrong = [&](std::string_view expected) {
    breach(fmt::format("job {} should be {}, is in state {} ({}, exit code {})", id, expected,
                       static_cast<int>(job.now), job.failure_reason, job.exit_code));
  };
  switch (job.what.meant) {
    case fate::success:
      if (job.now != status::success) wrong("success");
      break;
    case fate::failure:
      if (job.now != status::failed || job.exit_code != job.what.exit_code) wrong("failed");
      break;
    case fate::timeout:
      if (job.now != status::failed || job.failure_reason != "job_execution_timeout") {
        wrong("timed out");
      }
      break;
    case fate::waits_for_cancel:
      break;
  }
  check_log(id, job, true);
}

// The lines of stdout that the job itself made must be there in order: all of them, or the first ones
// when it was ended early.
void world::check_log(std::int64_t id, gitlab_world::job const& job, bool whole) {
  live_log view({.prefix = "", .colours = false});
  std::istringstream lines(view.feed(job.log) + view.finish());
  auto const mine = fmt::format("job {} ", id);
  std::size_t place = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(mine)) continue;
    if (place >= job.what.printed.size() || line != job.what.printed[place]) {
      return breach(fmt::format("job {} printed line {} as '{}'", id, place, line));
    }
    ++place;
  }
  if (whole && place != job.what.printed.size()) {
    breach(fmt::format("job {}: {} of {} lines arrived", id, place, job.what.printed.size()));
  }
}

}  // namespace

verdict run_seed(std::uint64_t seed, std::function<void(std::string const&)> log) {
  world one(seed, std::move(log));
  return one.run();
}

}  // namespace corunner::simulation
