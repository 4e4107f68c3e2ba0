#include "test/simulation/checker.hpp"

#include "test/simulation/log_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace corunner::simulation {

using namespace std::chrono_literals;
using status = gitlab_world::status;

namespace {

// How much later than one and a half check intervals an entry may ask for a job: so long it may
// wait for a request of another that the server holds (poll_plan).
constexpr auto most_late = 5s;

}  // namespace

void checker::check_step() {
  for (auto const& each : world_.gitlabs.all()) {
    for (auto const& text : each->gitlab.breaches()) breach_(text);
  }
  if (!world_.now().running()) return idle_.clear();
  check_limits();
  check_rhythm();
}

void checker::check_limits() {
  auto const prepared = world_.now().dummies().prepared;
  if (prepared > world_.bound) {
    breach_(fmt::format("{} environments where {} fit", prepared, world_.bound));
  }
  if (world_.time.now() < world_.held_by_ghosts_until) return;
  auto const held = static_cast<std::int64_t>(world_.gitlabs.held_polls());
  if (held + prepared > world_.bound) {
    breach_(fmt::format("{} held polls and {} jobs where {} fit", held, prepared, world_.bound));
  }
}

// One dead server never delays another.
void checker::check_rhythm() {
  auto const& manager = world_.now().manager();
  bool const could_ask = !manager.stopping() && manager.running_jobs() < manager.concurrent();
  std::set<std::string> known;
  waited_for_ = 0;
  manager.each_entry([&](config::runner_entry const& entry) {
    for (auto const& each : world_.gitlabs.all()) {
      if (!each->calm() && entry.url == "http://" + each->host()) ++waited_for_;
    }
  });
  manager.each_entry([&](config::runner_entry const& entry) {
    auto const token = entry.token.reveal();
    known.insert(token);
    for (auto const& each : world_.gitlabs.all()) {
      if (each->calm() && entry.url == "http://" + each->host()) {
        check_rhythm_of(*each, entry, could_ask && entry.limit == 0);
      }
    }
  });
  std::erase_if(idle_, [&](auto const& each) { return !known.contains(each.first); });
  check_interval_ = world_.configuration.values().check_interval;
}

void checker::check_rhythm_of(server const& at, config::runner_entry const& entry, bool could_ask) {
  auto const now = world_.time.now();
  auto const token = entry.token.reveal();
  auto& idle = idle_.try_emplace(token, idleness{now}).first->second;
  auto const& asked = at.gitlab.asked();
  auto const found = asked.find(token);
  bool const stands = found != asked.end() && found->second.standing > 0;
  bool const other_interval = world_.configuration.values().check_interval != check_interval_;
  could_ask = could_ask && !stands;
  if (!could_ask || !idle.could_ask || other_interval) idle.since = now;
  idle.could_ask = could_ask;
  if (found != asked.end()) idle.since = std::max(idle.since, found->second.last);
  auto const interval = std::chrono::seconds(world_.configuration.values().check_interval) * 3 / 2;
  // Where slots are few, a request of another that nobody answers has to be given up first.
  if (now - idle.since > interval + most_late + poll_plan::answer_within * waited_for_) {
    breach_(
        fmt::format("{} did not ask for {} seconds", entry.name,
                    std::chrono::duration_cast<std::chrono::seconds>(now - idle.since).count()));
  }
}

void checker::check_end() {
  if (world_.now().dummies().prepared != 0) breach_("an environment was not cleaned up");
  if (world_.now().dummies().strays != 0) breach_("a stray was left behind");
  if (world_.time.sleepers() != 0) breach_("something still sleeps");
  if (!world_.disk.empty()) breach_("the journal keeps " + world_.disk.names("").front());
  world_.gitlabs.each_job([&](server& at, std::int64_t id, gitlab_world::job const& job) {
    check_job(at, id, job);
  });
}

std::string checker::wrong_end(job_story const& story, gitlab_world::job const& job) const {
  auto const& reason = job.failure_reason;
  if (reason == "stuck_or_timeout_failure") {
    bool const unknown = story.record_damaged || story.unaccepted || story.full_disk;
    return story.died && unknown ? "" : "an end that we tell";
  }
  if (job.cancel_asked) return "";
  if (reason == "runner_interrupted" && story.interrupted) return "";
  if (reason == "runner_system_failure") {
    if (story.full_disk) return "";
    if (!story.died) return "an end of its own";
    return story.end_kept && !story.record_damaged ? "the end that was recorded" : "";
  }
  switch (job.what.meant) {
    case fate::success:
      return job.now == status::success ? "" : "success";
    case fate::failure:
      return job.now == status::failed && job.exit_code == job.what.exit_code ? "" : "failed";
    case fate::timeout:
      return job.now == status::failed && reason == "job_execution_timeout" ? "" : "timed out";
    case fate::waits_for_cancel:
      // Nobody cancelled it in time.
      return job.now == status::failed && reason == "job_execution_timeout" ? "" : "timed out";
  }
  return "";
}

void checker::check_job(server const& at, std::int64_t id, gitlab_world::job const& job) {
  auto const found = world_.stories.find(id);
  auto const story = found == world_.stories.end() ? job_story() : found->second;
  auto const complain = [&](std::string const& what) {
    breach_(fmt::format("job {}: {} ({}, {}, exit code {})", id, what, gitlab_world::name(job.now),
                        job.failure_reason, job.exit_code));
  };
  bool const ends_by_itself = job.failure_reason != "runner_system_failure" &&
                              job.failure_reason != "runner_interrupted" &&
                              job.failure_reason != "stuck_or_timeout_failure" &&
                              !job.cancel_asked && !at.gone_for_good();
  if (!at.gone_for_good()) {
    if (auto const expected = wrong_end(story, job); !expected.empty()) {
      complain("should have " + expected);
    }
  }
  if (job.without_checksum && !story.power && !(story.died && story.full_disk)) {
    complain("its log has no checksum");
  }
  if (job.contradicted && !story.record_damaged) complain("it got another end later");
  auto const trouble =
      check_log(id, job,
                {.whole = ends_by_itself,
                 .may_lack_end = story.log_damaged || (story.died && story.full_disk),
                 .may_have_gaps = story.full_disk});
  if (!trouble.empty()) complain(trouble);
  bool const ended_by_next_life = story.died && job.failure_reason == "runner_system_failure";
  if (ended_by_next_life && !story.full_disk && !tells_of_restart(job)) {
    complain("its log does not say why it ended");
  }
}

}  // namespace corunner::simulation
