#include "runner/command/job_host.hpp"

#include "exec/process/orphans.hpp"
#include "exec/shell/shell_executor.hpp"
#include "runner/command/version.hpp"
#include "runner/gitlab/runner_info.hpp"

#include <filesystem>

namespace corunner {

namespace {

net::http_client::options client_options(services const& all,
                                        std::optional<config::duration> max_age) {
  net::http_client::options how;
  how.user_agent = gitlab::user_agent();
  how.proxies = net::read_proxy_environment(all.variables);
  if (max_age) {
    how.connection_max_age = std::chrono::duration_cast<std::chrono::milliseconds>(*max_age);
  }
  return how;
}

// What the next job in this working copy would remove first.
void remove_git_locks(std::filesystem::path const& project) {
  namespace fs = std::filesystem;
  std::error_code ec;
  auto const skips = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator at(project / ".git", skips, ec);
  for (; !ec && at != fs::recursive_directory_iterator(); at.increment(ec)) {
    if (at->path().filename() == "objects") at.disable_recursion_pending();
    std::error_code not_there;
    if (at->path().extension() == ".lock") fs::remove(at->path(), not_there);
  }
}

}  // namespace

job_host::job_host(services& all, options how)
    : all_(all),
      http_(all.connections, all.time, client_options(all, how.connection_max_age)),
      launcher_(all.io.get_executor(), all.time),
      scripts_(how.scripts) {}

job_host::options job_host::impatient() {
  options how;
  how.scripts.ladder.terminate = std::chrono::seconds(10);
  return how;
}

std::unique_ptr<exec::executor> job_host::make_executor(std::string const& name) {
  if (name == "shell") {
    return std::make_unique<exec::shell_executor>(launcher_, all_.time, scripts_);
  }
  if (name == "dummy") return std::make_unique<exec::dummy_executor>(all_.time, dummy_);
  return nullptr;
}

awaitable<void> job_host::reap_adopted() { return launcher_.reap_adopted(); }

awaitable<void> job_host::remove_leftover(exec::leftover const& what) {
  std::filesystem::path const path = what.name;
  switch (what.what) {
    case exec::leftover::kind::processes:
      co_await exec::end_orphans(all_.time, all_.pool, what.name);
      co_return;
    case exec::leftover::kind::control_group:
      if (exec::is_name_of_ours(path)) {
        co_await exec::end_members(all_.time, exec::control_group(path));
      }
      co_return;
    case exec::leftover::kind::directory:
    case exec::leftover::kind::git_locks: {
      auto work = [path, whole = what.what == exec::leftover::kind::directory] {
        std::error_code not_there;
        if (!path.is_absolute()) return;
        if (!whole) return remove_git_locks(path);
        std::filesystem::remove_all(path, not_there);
      };
      co_await net::on_pool(all_.pool, std::move(work));
    }
  }
}

manager_services job_host::make_services(logger log, corunner::journal& journal) {
  if (auto const& place = launcher_.control_groups()) {
    log.debug("Scripts run in control groups", {{"directory", place->string()}});
  } else {
    log.debug("Scripts run in process groups, control groups cannot be made here");
  }
  return {.time = all_.time,
          .pool = all_.pool,
          .http = http_,
          .log = std::move(log),
          .make_executor = [this](std::string const& name) { return make_executor(name); },
          .journal = journal,
          .watch_log = {},
          .remove_leftover = [this](exec::leftover const& what) { return remove_leftover(what); }};
}

job_identity job_host::identity(std::string system_id) {
  auto const info = gitlab::local_runner_info();
  job_identity who;
  who.program = info.name;
  who.version = version().version;
  who.revision = version().revision;
  std::error_code ec;
  who.executable = std::filesystem::read_symlink("/proc/self/exe", ec).string();
  who.system_id = std::move(system_id);
  return who;
}

}  // namespace corunner
