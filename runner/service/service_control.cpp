#include "runner/service/service_control.hpp"

#include "config/atomic_file.hpp"
#include "exec/process/run_process.hpp"

#include <fmt/format.h>

#include <system_error>

namespace corunner {

namespace {

namespace fs = std::filesystem;

// More than a tool has to say that anybody reads.
constexpr std::size_t longest_answer = 16 * 1024;

constexpr auto unsupported = "not supported: no service system was found on this machine";

struct runlevel_link {
  std::string_view directory;
  std::string_view prefix;
};
constexpr runlevel_link runlevel_links[] = {
    {"/etc/rc2.d", "S50"}, {"/etc/rc3.d", "S50"}, {"/etc/rc4.d", "S50"}, {"/etc/rc5.d", "S50"},
    {"/etc/rc0.d", "K02"}, {"/etc/rc1.d", "K02"}, {"/etc/rc6.d", "K02"},
};

class said final : public exec::output_sink {
 public:
  awaitable<void> write(exec::channel, std::string_view bytes) override {
    text.append(bytes.substr(0, longest_answer - std::min(text.size(), longest_answer)));
    co_return;
  }
  std::string text;
};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// 0755 for what is run, 0644 for what is read. A file that tells who may read it is none of ours.
fs::perms mode_for(init_system system) {
  bool const is_script = system != init_system::systemd && system != init_system::upstart;
  return fs::perms(is_script ? 0755 : 0644);
}

std::optional<std::string> write_file(fs::path const& file, std::string const& text,
                                      fs::perms mode) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  if (auto const why = config::replace_file(file, text)) return why->message;
  fs::permissions(file, mode, failed);
  return std::nullopt;
}

bool is_there(fs::path const& file) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(file, ignored));
}

}  // namespace

bool service_control::is_sysv() const {
  return system_ == init_system::sysv_debian || system_ == init_system::sysv_redhat ||
         system_ == init_system::sysv;
}

service_control::words service_control::systemctl(std::string const& action, bool of_user) {
  if (of_user) return {"systemctl", "--user", action};
  return {"systemctl", action};
}

service_control::words service_control::command(std::string const& action, std::string const& name,
                                                bool of_user) const {
  switch (system_) {
    case init_system::systemd: {
      auto call = systemctl(action, of_user);
      call.push_back(name + ".service");
      return call;
    }
    case init_system::upstart:
      return {"initctl", action, name};
    case init_system::openrc:
      return {"rc-service", name, action};
    default:
      return {"service", name, action};
  }
}

awaitable<service_control::answer> service_control::ask(words what) {
  answer got;
  auto const tool = host_.tool(what.front());
  if (!tool) {
    // Package scripts look for these words (cli.md 14).
    got.failed = fmt::format("exec: \"{}\": executable file not found in $PATH", what.front());
    co_return got;
  }
  exec::process_options how;
  how.arguments = what;
  how.arguments.front() = tool->string();
  // It may ask for a password, and ends when we are interrupted.
  how.shares_input_and_group = true;
  said output;
  auto const ran = co_await exec::run_process(launcher_, time_, how, output);
  got.text = trimmed(std::move(output.text));
  if (ran.how != exec::run_result::kind::ended) {
    got.failed = fmt::format("{}: {}", what.front(), ran.message);
  } else {
    got.exit_code = ran.status.signal ? 128 + ran.status.signal : ran.status.exit_code;
  }
  co_return got;
}

awaitable<service_control::trouble> service_control::call(words what) {
  auto const got = co_await ask(what);
  if (got.failed) co_return got.failed;
  if (got.exit_code == 0) co_return std::nullopt;
  co_return fmt::format("\"{}\" failed with exit status {}{}{}", fmt::join(what, " "),
                        got.exit_code, got.text.empty() ? "" : ": ", got.text);
}

awaitable<service_control::trouble> service_control::reload(bool of_user) {
  return call(systemctl("daemon-reload", of_user));
}

awaitable<service_control::trouble> service_control::act(std::string action, std::string name,
                                                         bool of_user) {
  if (system_ == init_system::none) co_return unsupported;
  co_return co_await call(command(action, name, of_user));
}

awaitable<service_control::trouble> service_control::install(service_definition what) {
  auto const file = service_file_path(system_, what.name, what.of_user, host_);
  if (file.empty()) co_return unsupported;
  if (is_there(file)) co_return fmt::format("Init already exists: {}", file.string());
  if (auto const why = write_file(file, service_file_text(system_, what), mode_for(system_))) {
    co_return *why;
  }
  trouble failed;
  if (system_ == init_system::systemd) {
    failed = co_await call(command("enable", what.name, what.of_user));
    if (!failed) failed = co_await reload(what.of_user);
  } else if (system_ == init_system::openrc) {
    failed = co_await call({"rc-update", "add", what.name, "default"});
  } else if (is_sysv()) {
    failed = link_runlevels(what.name);
  }
  co_return failed;
}

awaitable<service_control::trouble> service_control::uninstall(std::string name, bool of_user) {
  auto const file = service_file_path(system_, name, of_user, host_);
  if (file.empty()) co_return unsupported;
  if (!is_there(file)) co_return "the service is not installed";
  trouble failed;
  if (system_ == init_system::systemd) failed = co_await call(command("disable", name, of_user));
  if (system_ == init_system::openrc) {
    failed = co_await call({"rc-update", "delete", name, "default"});
  }
  if (failed) co_return failed;
  unlink_runlevels(name);
  std::error_code why;
  fs::remove(file, why);
  if (why) co_return fmt::format("remove {}: {}", file.string(), why.message());
  if (system_ == init_system::systemd) failed = co_await reload(of_user);
  co_return failed;
}

service_control::trouble service_control::link_runlevels(std::string const& name) const {
  auto const script = fs::path("/etc/init.d") / name;
  for (auto const& [directory, prefix] : runlevel_links) {
    std::error_code why;
    if (!fs::is_directory(host_.at(directory), why)) continue;
    auto const link = host_.at(directory) / (std::string(prefix) + name);
    fs::remove(link, why);
    fs::create_symlink(script, link, why);
    if (why) return fmt::format("link {}: {}", link.string(), why.message());
  }
  return std::nullopt;
}

void service_control::unlink_runlevels(std::string const& name) const {
  if (!is_sysv()) return;
  for (auto const& [directory, prefix] : runlevel_links) {
    std::error_code not_there;
    fs::remove(host_.at(directory) / (std::string(prefix) + name), not_there);
  }
}

awaitable<service_state> service_control::state(std::string name, bool of_user) {
  using kind = service_state::kind;
  if (system_ == init_system::none) co_return service_state{kind::unknown, unsupported};
  auto const file = service_file_path(system_, name, of_user, host_);
  bool const asks_by_word = system_ == init_system::systemd;
  auto const got = co_await ask(command(asks_by_word ? "is-active" : "status", name, of_user));
  if (got.failed) co_return service_state{kind::unknown, *got.failed};
  if (!is_there(file)) co_return service_state{kind::not_installed, {}};
  if (asks_by_word) {
    if (got.text == "active" || got.text == "activating" || got.text == "reloading") {
      co_return service_state{kind::running, {}};
    }
    if (got.text == "inactive" || got.text == "deactivating") {
      co_return service_state{kind::stopped, {}};
    }
    if (got.text == "failed") co_return service_state{kind::failed, {}};
    co_return service_state{kind::unknown, got.text};
  }
  if (system_ == init_system::upstart) {
    bool const starts = got.text.find("start/") != std::string::npos;
    co_return service_state{starts ? kind::running : kind::stopped, {}};
  }
  // Of an LSB script: 0 runs, 1 and 2 died with its pid file or lock left, 3 does not run.
  constexpr int does_not_run = 3;
  if (got.exit_code == 0) co_return service_state{kind::running, {}};
  if (got.exit_code <= does_not_run) co_return service_state{kind::stopped, {}};
  co_return service_state{kind::unknown, fmt::format("exit status {}", got.exit_code)};
}

}  // namespace corunner
