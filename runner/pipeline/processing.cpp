#include "runner/pipeline/processing.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <unordered_map>

namespace corunner::pipeline {
namespace {

struct named_status {
  job_status status;
  std::string_view name;
};

constexpr std::array<named_status, 13> statuses{{
    {job_status::created, "created"},
    {job_status::waiting_for_resource, "waiting_for_resource"},
    {job_status::preparing, "preparing"},
    {job_status::waiting_for_callback, "waiting_for_callback"},
    {job_status::pending, "pending"},
    {job_status::running, "running"},
    {job_status::success, "success"},
    {job_status::failed, "failed"},
    {job_status::canceling, "canceling"},
    {job_status::canceled, "canceled"},
    {job_status::skipped, "skipped"},
    {job_status::manual, "manual"},
    {job_status::scheduled, "scheduled"},
}};

// Bits of the set of statuses that a composite is made from: one per job_status, and the two that
// only exist in a composite.
using status_set = unsigned;

constexpr status_set bit(job_status status) { return 1u << static_cast<unsigned>(status); }
constexpr status_set warning_bit = 1u << 30;  // failed or canceled, allowed
constexpr status_set ignored_bit = 1u << 31;  // manual, allowed to stay so

status_set bit(composite_member const& member) {
  bool const ended_badly =
      member.status == job_status::failed || member.status == job_status::canceled;
  if (member.allow_failure && ended_badly) return warning_bit;
  if (member.allow_failure && member.status == job_status::manual) return ignored_bit;
  return bit(member.status);
}

// One row of the table, in order; the first whose condition holds gives the result.
struct composite_row {
  enum class condition { only, any } how;
  status_set of;
  job_status result;
};

using enum job_status;
using enum composite_row::condition;

constexpr std::array<composite_row, 14> composite_table{{
    {only, bit(skipped) | ignored_bit, skipped},
    {only, bit(success) | bit(skipped) | warning_bit | ignored_bit, success},
    {only, bit(created) | warning_bit | ignored_bit, created},
    {only, bit(preparing) | warning_bit | ignored_bit, preparing},
    {only, bit(canceled) | bit(success) | bit(skipped) | warning_bit | ignored_bit, canceled},
    {only, bit(pending) | bit(created) | bit(skipped) | warning_bit | ignored_bit, pending},
    {any, bit(running) | bit(pending), running},
    {any, bit(waiting_for_resource), waiting_for_resource},
    {any, bit(waiting_for_callback), waiting_for_callback},
    {any, bit(manual), manual},
    {any, bit(scheduled), scheduled},
    {any, bit(preparing), preparing},
    {any, bit(created), running},
    {any, bit(canceling), canceling},
}};

constexpr status_set dag_ended =
    bit(success) | bit(failed) | bit(canceled) | bit(skipped) | warning_bit;

job_status composite_of(status_set found, bool dag) {
  if (dag && (found & (bit(skipped) | ignored_bit))) return skipped;
  if (dag && (found & ~dag_ended)) return pending;
  for (composite_row const& row : composite_table) {
    bool const holds = row.how == only ? (found & ~row.of) == 0 : (found & row.of) != 0;
    if (holds) return row.result;
  }
  return failed;
}

// Whether a job with `when` runs after what came before ended with `previous`.
bool may_run(job_when when, bool dag, job_status previous) {
  switch (when) {
    case job_when::on_failure:
      return previous == failed;
    case job_when::always:
      return previous == success || previous == failed || previous == skipped;
    default:
      return previous == success || (!dag && previous == skipped);
  }
}

job_status first_status(job_state const& job) {
  if (job.when == job_when::delayed) return scheduled;
  if (job.when == job_when::manual) return manual;
  return job.resource_group ? waiting_for_resource : pending;
}

// The newest row of each name, as needs refer to jobs by name.
using row_map = std::unordered_map<std::string_view, std::size_t>;

class processor {
 public:
  explicit processor(std::span<job_state> jobs) : jobs_(jobs) {
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (!jobs[i].retried) rows_[jobs[i].name] = i;
    }
  }

  std::vector<transition> run() {
    // Each pass follows the consequences of the one before; needs may go against the order of rows.
    bool changed = true;
    while (changed) {
      changed = false;
      for (std::size_t i = 0; i < jobs_.size(); ++i) changed = process(i) || changed;
    }
    return std::move(out_);
  }

 private:
  bool process(std::size_t place) {
    job_state& job = jobs_[place];
    if (job.status != created || job.retried) return false;
    bool const dag = job.needs.has_value();
    job_status const previous = dag ? status_of_needs(*job.needs) : status_before(job.stage);
    if (!is_completed(previous)) return false;
    job.status = may_run(job.when, dag, previous) ? first_status(job) : skipped;
    out_.push_back({place, job.status});
    return true;
  }

  job_status status_of_needs(std::vector<std::string> const& needs) const {
    status_set found = 0;
    for (std::string const& name : needs) {
      auto const row = rows_.find(name);
      if (row == rows_.end()) continue;
      job_state const& needed = jobs_[row->second];
      found |= bit(composite_member{needed.status, needed.allow_failure});
    }
    return found == 0 ? success : composite_of(found, true);
  }

  job_status status_before(std::size_t stage) const {
    status_set found = 0;
    for (job_state const& job : jobs_) {
      if (job.retried || job.stage >= stage) continue;
      found |= bit(composite_member{job.status, job.allow_failure});
    }
    return found == 0 ? success : composite_of(found, false);
  }

  std::span<job_state> jobs_;
  row_map rows_;
  std::vector<transition> out_;
};

}  // namespace

std::string_view to_string(job_status status) {
  for (named_status const& s : statuses) {
    if (s.status == status) return s.name;
  }
  return {};
}

std::optional<job_status> job_status_from(std::string_view text) {
  for (named_status const& s : statuses) {
    if (s.name == text) return s.status;
  }
  return std::nullopt;
}

bool is_completed(job_status status) {
  return status == success || status == failed || status == canceled || status == skipped;
}

job_state make_state(job_definition const& job, std::span<std::string const> stages) {
  job_state out;
  out.name = job.name;
  out.stage = static_cast<std::size_t>(std::ranges::find(stages, job.stage) - stages.begin());
  out.when = job.when;
  out.allow_failure = job.allow_failure;
  out.resource_group = !job.resource_group.empty();
  if (job.needs) {
    out.needs.emplace();
    for (job_need const& need : *job.needs) out.needs->push_back(need.job);
  }
  return out;
}

std::vector<transition> advance(std::span<job_state> jobs) { return processor(jobs).run(); }

job_status composite_status(std::span<composite_member const> members, bool dag) {
  status_set found = 0;
  for (composite_member const& m : members) found |= bit(m);
  return found == 0 ? success : composite_of(found, dag);
}

job_status pipeline_status(std::span<job_state const> jobs) {
  status_set found = 0;
  for (job_state const& job : jobs) {
    if (!job.retried) found |= bit(composite_member{job.status, job.allow_failure});
  }
  return found == 0 ? created : composite_of(found, false);
}

std::optional<int> exit_code(job_status pipeline) {
  switch (pipeline) {
    case success:
    case skipped:
    case manual:
      return 0;
    case failed:
      return 1;
    case canceled:
      return 130;
    default:
      return std::nullopt;
  }
}

}  // namespace corunner::pipeline
