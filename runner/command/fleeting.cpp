// `fleeting`: the plugins that `plugin` in [runners.autoscaler] names, installed from container
// registries, and the logins for those. What it prints, and where, is GitLab Runner's (cli.md 11,
// executor-autoscaler.md 4.1).

#include "exec/autoscale/plugin_installer.hpp"
#include "exec/autoscale/plugin_store.hpp"
#include "exec/process/posix_launcher.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/terminal.hpp"
#include "runner/gitlab/runner_info.hpp"
#include "runner/gitlab/short_token.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace corunner {

namespace {

struct named_plugin {
  std::string runner;  // its short token
  std::string plugin;

  std::string line(std::string_view key, std::string_view value) const {
    return fmt::format("runner: {}, plugin: {}, {}: {}\n", runner, plugin, key, value);
  }
};

// Those of all entries with an autoscaler; nothing when the file cannot be used, which has been
// said.
std::optional<std::vector<named_plugin>> plugins_of(services& all) {
  auto const loaded = config_access(all).load_alone();
  if (!loaded) {
    all.log.fatal(loaded.error().message);
    return std::nullopt;
  }
  std::vector<named_plugin> out;
  for (auto const& each : loaded->values.runners) {
    if (each.autoscaler) {
      out.push_back({gitlab::short_token(each.token.reveal()), each.autoscaler->plugin});
    }
  }
  return out;
}

class fleeting_install final : public command {
 public:
  explicit fleeting_install(services& all) : all_(all) {}

  std::vector<flag> flags() override { return {{"upgrade", &upgrade_, "", ""}}; }

  awaitable<int> run(std::vector<std::string>) override {
    auto const plugins = plugins_of(all_);
    if (!plugins) co_return 1;
    if (plugins->empty()) {
      all_.log.warning("No plugins to install, review your runner configuration.");
    }
    exec::posix_launcher launcher(all_.io.get_executor(), all_.time);
    net::http_client http(all_.connections, all_.time,
                          {.user_agent = gitlab::user_agent(),
                           .proxies = net::read_proxy_environment(all_.variables)});
    exec::plugin_installer installer({http, all_.time, all_.pool, launcher, all_.variables});
    int code = 0;
    for (auto const& each : *plugins) {
      auto const there = exec::find_plugin(each.plugin, all_.variables);
      if (there && there->found() && !upgrade_) continue;
      auto const path = co_await installer.install(each.plugin);
      if (path) {
        terminal().write(each.line("path", *path));
      } else {
        // The two colons are what scripts know.
        write_standard_error(each.line("install/update error:", path.error().message));
        code = 1;
      }
    }
    co_return code;
  }

 private:
  services& all_;
  bool upgrade_ = false;
};

class fleeting_list final : public command {
 public:
  explicit fleeting_list(services& all) : all_(all) {}

  std::vector<flag> flags() override { return {}; }

  awaitable<int> run(std::vector<std::string>) override {
    auto const plugins = plugins_of(all_);
    if (!plugins) co_return 1;
    int code = 0;
    for (auto const& each : *plugins) {
      auto const place = exec::find_plugin(each.plugin, all_.variables);
      if (place && place->found()) {
        terminal().write(each.line("path", place->path));
      } else {
        write_standard_error(each.line("error", place ? place->failure : place.error().message));
        code = 1;
      }
    }
    co_return code;
  }

 private:
  services& all_;
};

// All of standard input without its last line end. Blocks.
config::outcome<std::string> read_password() {
  constexpr std::size_t longest = 64 << 10;
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    auto const count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return config::failure{fmt::format("reading password from stdin: {}", std::strerror(errno))};
    }
    if (count == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > longest) {
      return config::failure{"reading password from stdin: it is too long"};
    }
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

class fleeting_login final : public command {
 public:
  explicit fleeting_login(services& all) : all_(all) {}

  std::vector<flag> flags() override {
    return {{"username", &user_, "", ""},
            {"password", &password_, "", ""},
            {"password-stdin", &from_input_, "take the password from stdin", ""}};
  }

  awaitable<int> run(std::vector<std::string> words) override {
    auto const server = words.empty() ? std::string(exec::default_plugin_registry) : words.front();
    if (from_input_) {
      auto const text = co_await net::on_pool(all_.pool, read_password);
      if (!text) co_return fail(text.error().message);
      password_ = secret(*text);
    }
    if (user_.empty() || password_.empty()) co_return fail("username and password required");
    if (!exec::is_registry_host(exec::registry_key(server)) && !exec::is_docker_hub(server)) {
      co_return fail(fmt::format("'{}' is no host of a registry", server));
    }
    exec::posix_launcher launcher(all_.io.get_executor(), all_.time);
    exec::docker_credentials logins(launcher, all_.time, all_.variables);
    exec::registry_login const login{user_, password_, {}};
    auto const why = co_await logins.store(server, login);
    if (!why.empty()) co_return fail(why);
    terminal().write(fmt::format("logged in via {}\n", logins.file().string()));
    co_return 0;
  }

 private:
  int fail(std::string const& why) {
    all_.log.fatal("login: " + why);
    return 1;
  }

  services& all_;
  std::string user_;
  secret password_;
  bool from_input_ = false;
};

}  // namespace

std::unique_ptr<command> make_fleeting_install(services& all) {
  return std::make_unique<fleeting_install>(all);
}
std::unique_ptr<command> make_fleeting_list(services& all) {
  return std::make_unique<fleeting_list>(all);
}
std::unique_ptr<command> make_fleeting_login(services& all) {
  return std::make_unique<fleeting_login>(all);
}

}  // namespace corunner
