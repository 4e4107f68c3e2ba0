#include "config/check.hpp"

#include "config/choices.hpp"
#include "config/labels.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::config {

namespace {

problem of_entry(problem_kind kind, std::size_t entry, std::string_view key, std::string text) {
  problem made;
  made.kind = kind;
  made.key = fmt::format("runners.{}", key);
  made.path = fmt::format("runners[{}].{}", entry, key);
  made.text = std::move(text);
  return made;
}

// Docker Machine needs the machine's name in each of these options.
void check_machine_options(runner_entry const& one, std::size_t entry,
                           std::vector<problem>& found) {
  if (!one.machine) return;
  for (auto const& option : one.machine->machine_options_with_name) {
    if (option.find("%s") != std::string::npos) continue;
    found.push_back(of_entry(
        problem_kind::invalid, entry, "machine.MachineOptionsWithName",
        fmt::format(
            "validating runner {}: validating machine options with name: machine option with "
            "name \"{}\" must contain %s placeholder",
            one.name, option)));
  }
}

// An idle time is none, or at least a second.
void check_idle_times(std::vector<scaling_policy> const& policies, std::size_t entry,
                      std::string_view list, std::vector<problem>& found) {
  for (std::size_t i = 0; i < policies.size(); ++i) {
    auto const time = policies[i].idle_time;
    if (time == duration::zero() || time >= std::chrono::seconds(1)) continue;
    auto made =
        of_entry(problem_kind::against_schema, entry, fmt::format("{}[{}].idle_time", list, i),
                 fmt::format("is {}, expected at least 1s, like \"30m\"", format_duration(time)));
    made.key = fmt::format("runners.{}.idle_time", list);
    made.schema = fmt::format("minimum: got {}, want 1000000000", time.count());
    found.push_back(std::move(made));
  }
}

}  // namespace

std::vector<problem> refusals(configuration const& what) {
  auto found = label_problems(what);
  for (std::size_t i = 0; i < what.runners.size(); ++i) {
    check_machine_options(what.runners[i], i, found);
  }
  return found;
}

std::vector<problem> violations(configuration const& what) {
  std::vector<problem> found;
  for (std::size_t i = 0; i < what.runners.size(); ++i) {
    runner_entry const& each = what.runners[i];
    auto const add = [&](std::string_view key, std::string text, std::string_view schema) {
      found.push_back(of_entry(problem_kind::against_schema, i, key, std::move(text)));
      found.back().schema = schema;
    };
    auto const shell = std::find(shell_choices.begin(), shell_choices.end(), each.shell);
    if (!each.shell.empty() && shell == shell_choices.end()) {
      add("shell",
          fmt::format("is '{}', expected one of bash, sh, cmd, pwsh, powershell", each.shell),
          "value must be one of 'bash', 'sh', 'cmd', 'pwsh', 'powershell', ''");
    }
    if (each.autoscaler) check_idle_times(each.autoscaler->policy, i, "autoscaler.policy", found);
    if (each.kubernetes && each.kubernetes->autoscaler) {
      check_idle_times(each.kubernetes->autoscaler->policy, i, "kubernetes.autoscaler.policy",
                       found);
    }
    if (each.token.empty()) add("token", "is empty", "minLength: got 0, want 1");
    if (each.url.empty()) add("url", "is empty", "minLength: got 0, want 1");
  }
  return found;
}

}  // namespace corunner::config
