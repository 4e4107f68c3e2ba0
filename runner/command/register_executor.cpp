#include "runner/command/register_executor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace corunner {

namespace {

using config::runner_entry;

constexpr std::string_view linux_image = "ruby:3.3";
constexpr std::string_view windows_image = "mcr.microsoft.com/windows/servercore:1809";

bool ends_at(std::string_view volume, std::string_view target) {
  auto const colon = volume.rfind(':');
  return volume.substr(colon == std::string_view::npos ? 0 : colon + 1) == target;
}

awaitable<void> ask_image(questions& ask, config::docker_settings& docker,
                          std::string_view example) {
  auto const prompt = fmt::format("Enter the default Docker image (for example, {}):", example);
  docker.image = co_await ask.ask(prompt, "docker-image", docker.image, need::required);
}

// Jobs keep their caches in a volume, unless the user said otherwise.
awaitable<void> complete_docker(questions& ask, runner_entry& entry) {
  auto& docker = entry.docker ? *entry.docker : entry.docker.emplace();
  co_await ask_image(ask, docker, linux_image);
  auto const is_cache = [](std::string const& volume) { return ends_at(volume, "/cache"); };
  if (docker.disable_cache || std::any_of(docker.volumes.begin(), docker.volumes.end(), is_cache)) {
    co_return;
  }
  docker.volumes.push_back("/cache");
}

awaitable<void> complete_docker_windows(questions& ask, runner_entry& entry) {
  auto& docker = entry.docker ? *entry.docker : entry.docker.emplace();
  co_await ask_image(ask, docker, windows_image);
  if (entry.shell.empty()) entry.shell = "pwsh";
  constexpr std::string_view cache = "c:\\cache";
  for (auto const& volume : docker.volumes) {
    if (volume.find(cache) != std::string::npos) co_return;
  }
  docker.volumes.emplace_back(cache);
}

awaitable<void> ask_ssh_server(questions& ask, config::ssh_settings& ssh) {
  ssh.host = co_await ask.ask("Enter the SSH server address (for example, my.server.com):",
                              "ssh-host", ssh.host, need::required);
  ssh.port = co_await ask.ask("Enter the SSH server port (for example, 22):", "ssh-port", ssh.port,
                              need::optional);
}

awaitable<void> ask_ssh_login(questions& ask, config::ssh_settings& ssh) {
  ssh.user = co_await ask.ask("Enter the SSH user (for example, root):", "ssh-user", ssh.user,
                              need::required);
  auto const password = co_await ask.ask("Enter the SSH password (for example, docker.io):",
                                         "ssh-password", ssh.password.reveal(), need::optional);
  ssh.password = secret(password);
  ssh.identity_file = co_await ask.ask(
      "Enter the path to the SSH identity file (for example, /home/user/.ssh/id_rsa):",
      "ssh-identity-file", ssh.identity_file, need::optional);
}

config::ssh_settings& ssh_of(runner_entry& entry) {
  return entry.ssh ? *entry.ssh : entry.ssh.emplace();
}

awaitable<void> complete_ssh(questions& ask, runner_entry& entry) {
  co_await ask_ssh_server(ask, ssh_of(entry));
  co_await ask_ssh_login(ask, ssh_of(entry));
}

awaitable<void> complete_parallels(questions& ask, runner_entry& entry) {
  auto& parallels = entry.parallels ? *entry.parallels : entry.parallels.emplace();
  parallels.base_name =
      co_await ask.ask("Enter the Parallels VM (for example, my-vm):", "parallels-base-name",
                       parallels.base_name, need::required);
  co_await ask_ssh_server(ask, ssh_of(entry));
}

awaitable<void> complete_virtualbox(questions& ask, runner_entry& entry) {
  auto& virtualbox = entry.virtualbox ? *entry.virtualbox : entry.virtualbox.emplace();
  virtualbox.base_name =
      co_await ask.ask("Enter the VirtualBox VM (for example, my-vm):", "virtualbox-base-name",
                       virtualbox.base_name, need::required);
  co_await ask_ssh_login(ask, ssh_of(entry));
}

awaitable<void> ask_nothing(questions&, runner_entry&) { co_return; }

enum kept_table : unsigned {
  docker_table = 1,
  machine_table = 2,
  ssh_table = 4,
  parallels_table = 8,
  virtualbox_table = 16,
  custom_table = 32,
  kubernetes_table = 64,
};

// An executor: what it asks for, and which tables belong to it.
struct executor_row {
  std::string_view name;
  awaitable<void> (*complete)(questions& ask, runner_entry& entry);
  unsigned tables;
};

constexpr std::array executors{
    executor_row{"shell", ask_nothing, 0},
    executor_row{"ssh", complete_ssh, ssh_table},
    executor_row{"custom", ask_nothing, custom_table},
    executor_row{"instance", ask_nothing, 0},
    executor_row{"docker", complete_docker, docker_table},
    executor_row{"docker-windows", complete_docker_windows, docker_table},
    executor_row{"docker-autoscaler", complete_docker, docker_table},
    executor_row{"docker+machine", complete_docker, docker_table | machine_table},
    executor_row{"kubernetes", ask_nothing, kubernetes_table},
    executor_row{"parallels", complete_parallels, ssh_table | parallels_table},
    executor_row{"virtualbox", complete_virtualbox, ssh_table | virtualbox_table},
};

executor_row const* find_executor(std::string_view name) {
  auto const found = std::find_if(executors.begin(), executors.end(),
                                  [name](executor_row const& each) { return each.name == name; });
  return found == executors.end() ? nullptr : found;
}

void keep_tables(runner_entry& entry, unsigned tables) {
  if (!(tables & docker_table)) entry.docker.reset();
  if (!(tables & machine_table)) entry.machine.reset();
  if (!(tables & ssh_table)) entry.ssh.reset();
  if (!(tables & parallels_table)) entry.parallels.reset();
  if (!(tables & virtualbox_table)) entry.virtualbox.reset();
  if (!(tables & custom_table)) entry.custom.reset();
  entry.referees.reset();  // whoever set them
  if (!(tables & kubernetes_table)) entry.kubernetes.reset();
}

awaitable<executor_row const*> ask_executor(questions& ask, logger log, runner_entry& entry) {
  std::vector<std::string_view> names;
  for (executor_row const& each : executors) names.push_back(each.name);
  auto const prompt = fmt::format("Enter an executor: {}:", fmt::join(names, ", "));
  for (;;) {
    entry.executor = co_await ask.ask(prompt, "executor", entry.executor, need::optional);
    if (auto const* const found = find_executor(entry.executor)) co_return found;
    if (!ask.interactive()) throw no_answer("Invalid executor specified");
    log.error("Invalid executor specified");
  }
}

}  // namespace

awaitable<void> complete_executor(questions& ask, logger log, runner_entry& entry) {
  auto const* const chosen = co_await ask_executor(ask, log, entry);
  keep_tables(entry, chosen->tables);
  co_await chosen->complete(ask, entry);
}

}  // namespace corunner
