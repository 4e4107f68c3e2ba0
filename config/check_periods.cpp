#include "config/check_periods.hpp"

#include "config/cron.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

namespace corunner::config {

namespace {

class periods_check {
 public:
  periods_check(zone_files const& zones, std::vector<problem>& found)
      : zones_(zones), found_(found) {}

  void entry(runner_entry const& one, std::size_t index) {
    name_ = one.name;
    place_ = fmt::format("runners[{}]", index);
    if (one.machine) machine(one.machine->autoscaling);
    if (one.monitoring) monitoring(one.monitoring->job_queuing_durations);
    if (one.autoscaler) policies("autoscaler.policy", one.autoscaler->policy);
    if (one.kubernetes && one.kubernetes->autoscaler) {
      policies("kubernetes.autoscaler.policy", one.kubernetes->autoscaler->policy);
    }
  }

 private:
  std::optional<failure> cause(std::vector<std::string> const& periods, std::string const& zone,
                               cron_dialect dialect) const {
    auto const made = time_periods::compile(periods, zone, dialect, zones_);
    return made ? std::nullopt : std::optional(made.error());
  }

  // `key` is told relative to the entry, with the index of its list behind it.
  void add(problem_kind kind, std::string_view list, std::size_t index, std::string_view key,
           std::string text) {
    problem made;
    made.kind = kind;
    made.key = fmt::format("runners.{}.{}", list, key);
    made.path = fmt::format("{}.{}[{}].{}", place_, list, index, key);
    made.text = std::move(text);
    found_.push_back(std::move(made));
  }

  void refuse(std::string_view list, std::size_t index, std::string_view key,
              std::string const& text) {
    add(problem_kind::unloadable, list, index, key,
        fmt::format("loading configuration for {} runner: {}", name_, text));
  }

  void machine(std::vector<machine_period> const& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto const why = cause(all[i].periods, all[i].timezone, cron_dialect::seconds);
      if (!why) continue;
      refuse("machine.autoscaling", i, "Periods",
             fmt::format("compiling docker machine autoscaling periods: invalid time periods [{}], "
                         "caused by: {}", fmt::join(all[i].periods, " "), why->message));
    }
  }

  void monitoring(std::vector<job_queuing_duration> const& all) {
    constexpr std::string_view list = "monitoring.job_queuing_durations";
    constexpr std::string_view form = "compiling monitoring sections: compiling "
                                      "job_queuing_durations: entry {}: {}: {}";
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (auto const why = cause(all[i].periods, all[i].timezone, cron_dialect::seconds)) {
        refuse(list, i, "periods", fmt::format(form, i, "periods", why->message));
        continue;
      }
      re2::RE2 const expression(all[i].jobs_running_for_project, re2::RE2::Quiet);
      if (expression.ok()) continue;
      refuse(list, i, "jobs_running_for_project",
             fmt::format(form, i, "jobs_running_for_project", expression.error()));
    }
  }

  void policies(std::string_view list, std::vector<scaling_policy> const& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto const why = cause(all[i].periods, all[i].timezone, cron_dialect::minutes);
      if (!why) continue;
      add(problem_kind::useless, list, i, "periods",
          fmt::format("is no time ({}), no job will find an instance", why->message));
    }
  }

  zone_files const& zones_;
  std::vector<problem>& found_;
  std::string name_;
  std::string place_;
};

}  // namespace

std::vector<problem> period_problems(configuration const& what, zone_files const& zones) {
  std::vector<problem> found;
  periods_check check(zones, found);
  for (std::size_t i = 0; i < what.runners.size(); ++i) check.entry(what.runners[i], i);
  return found;
}

}  // namespace corunner::config
