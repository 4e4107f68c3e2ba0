#include "runner/gitlab/runner_info.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <sys/utsname.h>

namespace corunner::gitlab {

namespace {

// Who makes a flag true: the client itself, any known shell, or some executors.
enum class source { network, shell, executor };

struct feature_row {
  std::string_view name;
  source from;
  std::string_view executors;  // for source::executor, and those that add to source::shell
  bool implemented;
};

constexpr std::string_view every = "*";
constexpr std::string_view containers =
    "docker docker-windows docker-autoscaler docker+machine kubernetes";
constexpr std::string_view dockers = "docker docker-windows docker-autoscaler docker+machine";
constexpr std::string_view terminals =
    "docker docker-windows docker-autoscaler docker+machine kubernetes shell";
constexpr std::string_view with_service_variables =
    "docker docker-windows docker-autoscaler docker+machine kubernetes custom";
constexpr std::string_view with_steps =
    "docker docker-autoscaler docker+machine kubernetes shell instance";

// protocol.md 3.2, with what this program implements today. A flag turns true here in the change
// that makes it work.
constexpr std::array rows{
    feature_row{"variables", source::executor, every, true},
    feature_row{"image", source::executor, containers, false},
    feature_row{"services", source::executor, containers, false},
    feature_row{"artifacts", source::shell, "kubernetes", true},
    feature_row{"cache", source::shell, "kubernetes", true},
    feature_row{"fallback_cache_keys", source::shell, "kubernetes", true},
    feature_row{"shared", source::executor, "shell ssh instance custom", true},
    feature_row{"upload_multiple_artifacts", source::shell, "", true},
    feature_row{"upload_raw_artifacts", source::shell, "", true},
    feature_row{"session", source::executor, terminals, false},
    feature_row{"terminal", source::executor, terminals, false},
    feature_row{"refspecs", source::shell, "", true},
    feature_row{"masking", source::shell, "", true},
    feature_row{"proxy", source::executor, "kubernetes", false},
    feature_row{"raw_variables", source::shell, "", true},
    feature_row{"artifacts_exclude", source::shell, "", true},
    feature_row{"multi_build_steps", source::shell, "", true},
    feature_row{"trace_reset", source::network, "", true},
    feature_row{"trace_checksum", source::network, "", true},
    feature_row{"trace_size", source::network, "", true},
    feature_row{"vault_secrets", source::shell, "", false},
    feature_row{"cancelable", source::network, "", true},
    feature_row{"return_exit_code", source::shell, "", true},
    feature_row{"service_variables", source::executor, with_service_variables, false},
    feature_row{"service_multiple_aliases", source::executor, containers, false},
    feature_row{"image_executor_opts", source::executor, containers, false},
    feature_row{"service_executor_opts", source::executor, dockers, false},
    feature_row{"cancel_gracefully", source::network, "", true},
    feature_row{"native_steps_integration", source::executor, with_steps, false},
    feature_row{"two_phase_job_commit", source::network, "", true},
    feature_row{"job_inputs", source::network, "", true},
};

// What this program has: an entry with another executor or shell is told without what these would
// do.
constexpr std::array shells{"bash", "sh", "pwsh", "powershell", "cmd"};
constexpr std::array executors{"shell"};

// Of every executor here.
constexpr auto default_shell = "bash";

// Whether `word` is one of the words of `list`, which are separated by one blank.
bool names(std::string_view list, std::string_view word) {
  if (list == every) return true;
  while (!list.empty()) {
    auto const end = std::min(list.find(' '), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

bool is_true(feature_row const& row, std::string_view executor, std::string_view shell) {
  if (!row.implemented || row.from == source::network) return row.implemented;
  if (std::ranges::find(executors, executor) == executors.end()) return false;
  bool const known_shell = std::ranges::find(shells, shell) != shells.end();
  return (row.from == source::shell && known_shell) || names(row.executors, executor);
}

std::string go_architecture(std::string_view machine) {
  constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"x86_64", "amd64"}, {"aarch64", "arm64"}, {"armv7l", "arm"}, {"armv6l", "arm"},
      {"i686", "386"},     {"i386", "386"},
  };
  auto const* const row = std::ranges::find(known, machine, [](auto& k) { return k.first; });
  return std::string(row == std::end(known) ? machine : row->second);
}

std::string go_platform(std::string system) {
  std::ranges::transform(system, system.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return system;
}

utsname machine() {
  utsname out{};
  ::uname(&out);
  return out;
}

}  // namespace

runner_features features_of(std::string_view executor, std::string_view shell) {
  runner_features out;
  for (auto const& row : rows) out[row.name] = is_true(row, executor, shell);
  return out;
}

runner_features network_features() { return features_of({}, {}); }

runner_info local_runner_info() {
  auto const host = machine();
  runner_info out;
  out.name = "corunner";
  out.version = CORUNNER_VERSION;
  out.platform = go_platform(host.sysname);
  out.architecture = go_architecture(host.machine);
  return out;
}

runner_info local_runner_info(std::string executor, std::string shell) {
  auto out = local_runner_info();
  out.executor = std::move(executor);
  out.shell = shell.empty() ? default_shell : std::move(shell);
  return out;
}

boost::json::object encode_info(runner_info const& info) {
  boost::json::object out;
  auto const text = [&](std::string_view name, std::string const& value) {
    if (!value.empty()) out[name] = value;
  };
  text("name", info.name);
  text("version", info.version);
  text("revision", info.revision);
  text("platform", info.platform);
  text("architecture", info.architecture);
  text("executor", info.executor);
  text("shell", info.shell);
  auto& features = out["features"].emplace_object();
  for (auto const& row : rows) {
    features[row.name] = is_true(row, info.executor, info.shell);
  }
  out["config"].emplace_object()["gpus"] = info.gpus;
  if (!info.labels.empty()) {
    auto& labels = out["labels"].emplace_object();
    for (auto const& [key, value] : info.labels) labels[key] = value;
  }
  return out;
}

std::string user_agent() {
  auto const info = local_runner_info();
  return fmt::format("{} {} (main; c++20; {}/{})", info.name, info.version, info.platform,
                     info.architecture);
}

}  // namespace corunner::gitlab
