#include "test/simulation/scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace corunner::simulation {

using namespace std::chrono_literals;

namespace {

using status = gitlab_world::status;

bool is_ours(gitlab_world::job const& job) {
  return job.now == status::assigned || job.now == status::running || job.now == status::canceling;
}

// The job of a file "LIFE/ID-NUMBER.ENDING".
std::int64_t job_of(std::string const& file) {
  auto const begin = file.find('/') + 1;
  std::int64_t id = 0;
  std::from_chars(file.data() + begin, file.data() + file.size(), id);
  return id;
}

std::vector<std::string> hosts_of(servers const& all) {
  std::vector<std::string> out;
  for (auto const& each : all.all()) out.push_back(each->host());
  return out;
}

// What the records of a job say together.
struct known {
  bool accepted = false;
  bool end = false;
};

known known_of(test::memory_disk const& disk, std::int64_t id) {
  known out;
  for (auto const& name : disk.names("")) {
    if (!name.ends_with(".job") || job_of(name) != id) continue;
    auto const record = read_record(*disk.content(name));
    if (!record) continue;
    out.accepted |= record->accepted;
    out.end |= record->end && record->end->reason != gitlab::failure_reason::runner_system_failure;
  }
  return out;
}

}  // namespace

scene::scene(std::uint64_t seed, std::function<void(std::string const&)> log_to)
    : log_(std::move(log_to)),
      random(seed),
      time(io.get_executor()),
      network(io.get_executor()),
      tasks(io.get_executor()),
      gitlabs({io.get_executor(), time, random, network, counts}, tasks),
      log(time, [this](std::string_view line) { say(std::string(line)); }),
      configuration(random, hosts_of(gitlabs)),
      disk(&time) {
  log.set_level(log_ ? log_level::debug : log_level::panic);
  log.set_format(log_format::text);
  for (auto const& each : gitlabs.all()) {
    each->failed = [this](std::string const& text) { breach("the world's server: " + text); };
    if (log_) {
      each->gitlab.log = [this, &each](std::string const& text) {
        say(each->host() + ": " + text);
      };
    }
  }
}

void scene::say(std::string const& text) {
  if (!log_) return;
  auto const passed = std::chrono::duration<double>(time.now().time_since_epoch()).count();
  log_(fmt::format("{:10.3f} {}", passed,
                   text.ends_with('\n') ? text.substr(0, text.size() - 1) : text));
}

void scene::breach(std::string text) {
  say("BREACH: " + text);
  result.breaches.push_back(std::move(text));
}

void scene::begin_life() {
  bound = configuration.values().concurrent;
  lives.push_back(std::make_unique<life>(
      life::world_parts{io.get_executor(), time, pool, network, disk, logger(log)},
      lives.size() + 1, random.next(), configuration.values()));
  tasks.spawn(run_manager(now()));
}

awaitable<void> scene::run_manager(life& whose) {
  co_await whose.run();
  if (!whose.alive()) co_return say("manager: the ghost is gone");
  if (*whose.ended() == manager_end::timed_out) {
    counts.add(fault::shutdown_timed_out);
    kill("manager: did not stop in time, the process ends");
    finished = last_life;
  } else {
    say("manager: has ended");
    finished = last_life;
    if (!last_life) whose.retire();
  }
}

bool scene::somebody_is_left() const {
  return !tasks.empty() || std::ranges::any_of(lives, [](auto const& each) {
    return each->manager().running_jobs() > 0;
  });
}

void scene::die() {
  if (now().told_to_stop()) counts.add(fault::death_while_stopping);
  now().kill();
  network.reset_all();
  held_by_ghosts_until = time.now() + 2min;
}

void scene::kill(std::string const& why) {
  say(why);
  die();
  remember_death(false);
}

void scene::lose_power() {
  say("machine: loses its power");
  die();
  auto const report =
      disk.lose_power([this](std::uint64_t below) { return random.next() % below; });
  count_losses(report);
  counts.add(fault::power_lost);
  for (auto const& file : report.damaged) {
    say("disk: lost something of " + file);
    auto& story = stories[job_of(file)];
    (file.ends_with(".job") ? story.record_damaged : story.log_damaged) = true;
  }
  gitlabs.each_job([&](server&, std::int64_t id, gitlab_world::job const& job) {
    if (!is_ours(job)) return;
    auto const& story = stories[id];
    if (story.record_damaged) counts.add(fault::record_lost);
    if (story.log_damaged) counts.add(fault::log_damaged);
  });
  remember_death(true);
}

void scene::count_losses(test::power_loss const& report) {
  counts.add(fault::file_lost, report.files_lost);
  counts.add(fault::file_torn, report.torn);
  counts.add(fault::file_with_hole, report.holes);
  counts.add(fault::removal_undone, report.files_back);
  counts.add(fault::writes_out_of_order, report.out_of_order ? 1 : 0);
}

void scene::remember_death(bool power) {
  bool any = false;
  // The server may know of an end for whose record there was no room.
  for (auto& [id, story] : stories) {
    if (story.full_disk && !known_of(disk, id).end) story.record_damaged = true;
  }
  gitlabs.each_job([&](server&, std::int64_t id, gitlab_world::job const& job) {
    if (!is_ours(job)) return;
    any = true;
    auto const record = known_of(disk, id);
    auto& story = stories[id];
    story.died = true;
    story.power |= power;
    story.unaccepted |= job.now != status::assigned && !record.accepted;
    story.end_kept = record.end;
  });
  if (any) counts.add(power ? fault::power_lost_with_jobs : fault::killed_with_jobs);
}

void scene::signal(stop_signal what) {
  constexpr std::pair<char const*, fault> signals[] = {{"SIGQUIT", fault::quit_signal},
                                                       {"SIGTERM", fault::terminate_signal},
                                                       {"SIGINT", fault::interrupt_signal}};
  auto const& [word, counted] = signals[static_cast<int>(what)];
  counts.add(counted);
  say(std::string("manager: is told to stop by ") + word);
  bool const again = now().told_to_stop();
  if (!now().signal(what)) {
    counts.add(fault::second_signal_at_once);
    return kill("manager: ends at once");
  }
  if (again) counts.add(fault::second_signal);
  if (what == stop_signal::quit) return;
  gitlabs.each_job([&](server&, std::int64_t id, gitlab_world::job const& job) {
    if (is_ours(job)) stories[id].interrupted = true;
  });
}

}  // namespace corunner::simulation
