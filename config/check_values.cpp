#include "config/check.hpp"
#include "config/keys.hpp"
#include "config/size.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace corunner::config {

namespace {

// The table without which an executor fails every job.
struct needed_table {
  std::string_view executor;
  std::string_view table;
};
constexpr std::array needed_tables{
    needed_table{"docker", "docker"},          needed_table{"docker-windows", "docker"},
    needed_table{"docker+machine", "docker"},  needed_table{"docker+machine", "machine"},
    needed_table{"docker-autoscaler", "docker"}, needed_table{"docker-autoscaler", "autoscaler"},
    needed_table{"instance", "autoscaler"},    needed_table{"ssh", "ssh"},
    needed_table{"parallels", "parallels"},    needed_table{"parallels", "ssh"},
    needed_table{"virtualbox", "virtualbox"},  needed_table{"virtualbox", "ssh"},
    needed_table{"custom", "custom"},
};

bool has_table(runner_entry const& one, std::string_view name) {
  auto const* const known = find_key(runner_section(), name);
  return known && known->table && known->count(&one) > 0;
}

bool is_address(std::string const& text) {
  in6_addr room;
  return ::inet_pton(AF_INET, text.c_str(), &room) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &room) == 1;
}

bool has_slot(std::string const& text) {
  return text.find("${slot}") != std::string::npos || text.find("$slot") != std::string::npos;
}

// Checks one [[runners]] entry; keys are told relative to it.
class entry_check {
 public:
  entry_check(runner_entry const& one, std::size_t index, std::vector<problem>& found)
      : one_(one), index_(index), found_(found) {}

  void run() {
    executor();
    url();
    environment();
    slots();
    if (one_.docker) docker(*one_.docker);
    if (one_.machine && !one_.machine->off_peak_periods.empty()) {
      add("machine.OffPeakPeriods", "has no effect, use [[runners.machine.autoscaling]] instead");
    }
  }

 private:
  void add(std::string_view key, std::string text) {
    problem made;
    made.kind = problem_kind::useless;
    made.key = fmt::format("runners.{}", key);
    made.path = fmt::format("runners[{}].{}", index_, key);
    made.text = std::move(text);
    found_.push_back(std::move(made));
  }

  void executor() {
    for (auto const& each : needed_tables) {
      if (each.executor != one_.executor || has_table(one_, each.table)) continue;
      add("executor",
          fmt::format("is '{}', which needs a table [runners.{}]", one_.executor, each.table));
    }
  }

  void url() {
    auto const end = one_.url.find_last_not_of('/');
    if (end == std::string::npos) return;
    if (!std::string_view(one_.url).substr(0, end + 1).ends_with("/ci")) return;
    add("url", "ends in '/ci', a form of old that is cut off: leave it out");
  }

  void environment() {
    for (std::size_t i = 0; i < one_.environment.size(); ++i) {
      // The text may be a secret that lost its name.
      if (one_.environment[i].find('=') != std::string::npos) continue;
      add(fmt::format("environment[{}]", i), "has no '=' and is skipped");
    }
  }

  void slots() {
    if (!one_.use_slot_cgroups) return;
    constexpr std::string_view why = "has no ${slot}, so all jobs share one cgroup";
    if (!one_.slot_cgroup_template.empty() && !has_slot(one_.slot_cgroup_template)) {
      add("slot_cgroup_template", std::string(why));
    }
    if (one_.docker && !one_.docker->service_slot_cgroup_template.empty() &&
        !has_slot(one_.docker->service_slot_cgroup_template)) {
      add("docker.service_slot_cgroup_template", std::string(why));
    }
  }

  void docker(docker_settings const& has) {
    size("memory", has.memory);
    size("memory_swap", has.memory_swap);
    size("memory_reservation", has.memory_reservation);
    size("service_memory", has.service_memory);
    size("service_memory_swap", has.service_memory_swap);
    size("service_memory_reservation", has.service_memory_reservation);
    for (std::size_t i = 0; i < has.dns.size(); ++i) {
      if (!is_address(has.dns[i])) {
        add(fmt::format("docker.dns[{}]", i),
            fmt::format("is '{}', expected an IP address", has.dns[i]));
      }
    }
    for (auto const& [name, unused] : has.log_options) {
      if (name == "env" || name == "labels") continue;
      add("docker.log_options", fmt::format("has '{}', expected 'env' or 'labels' only", name));
    }
  }

  void size(std::string_view name, std::string const& text) {
    if (text.empty() || parse_size(text)) return;
    add(fmt::format("docker.{}", name),
        fmt::format("is '{}', expected a size like 512m or 2g", text));
  }

  runner_entry const& one_;
  std::size_t index_;
  std::vector<problem>& found_;
};

}  // namespace

std::vector<problem> useless_values(configuration const& what) {
  std::vector<problem> found;
  auto const add = [&](std::string_view key, std::string text) {
    problem made;
    made.kind = problem_kind::useless;
    made.key = made.path = key;
    made.text = std::move(text);
    found.push_back(std::move(made));
  };
  if (what.concurrent < 1) add("concurrent", "is below 1: no jobs will be processed");
  if (!what.user.empty()) add("user", "has no effect, give it to 'run --user'");
  for (std::size_t i = 0; i < what.runners.size(); ++i) {
    entry_check(what.runners[i], i, found).run();
  }
  check_choices(what, found);
  return found;
}

}  // namespace corunner::config
