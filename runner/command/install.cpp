// `install`: `run` as a service of this machine. cli.md 9

#include "config/atomic_file.hpp"
#include "config/file.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/service_access.hpp"

#include <fmt/format.h>

#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <utility>

namespace corunner {

namespace {

namespace fs = std::filesystem;

struct account {
  fs::path home;
  uid_t user;
  gid_t group;
};

std::optional<account> account_of(std::string const& name) {
  passwd const* const found = ::getpwnam(name.c_str());
  if (!found) return std::nullopt;
  return account{found->pw_dir, found->pw_uid, found->pw_gid};
}

class install_command final : public command {
 public:
  explicit install_command(services& all)
      : all_(all),
        service_(all),
        file_(all.config_file),
        directory_(fs::current_path().string()),
        syslog_(service_.control().system() != init_system::systemd) {}

  std::vector<flag> flags() override {
    auto flags = service_.flags();
    flags.push_back(
        {"d, working-directory", &directory_, "directory that the service works in", ""});
    // CONFIG_FILE is for the commands that read the file.
    flags.push_back(
        {"c, config", &given_file_, "config file of the service; made when it is not there", ""});
    flags.push_back(
        {"syslog", &syslog_, "log to the system log too; on unless systemd keeps the log", ""});
    if (service_.is_root()) {
      flags.push_back({"u, user", &user_, "user that runs the scripts of the shell executor", ""});
      flags.push_back({"i, init-user", &init_user_, "user that the service itself runs as", ""});
    }
    return flags;
  }

  awaitable<int> run(std::vector<std::string>) override {
    auto why = check_users();
    if (!why) why = prepare_file();
    if (why) {
      all_.log.fatal(*why);
      co_return 1;
    }
    auto const failed = co_await service_.control().install(definition());
    if (!failed) co_return 0;
    all_.log.fatal(fmt::format("Failed to install {}: {}", service_.name(), *failed));
    co_return 1;
  }

 private:
  using trouble = std::optional<std::string>;

  trouble check_users() {
    if (!service_.is_root()) return std::nullopt;
    if (!user_.empty() && !init_user_.empty()) {
      return "Only one of 'user' or 'init-user' can be specified.";
    }
    if (user_.empty() && init_user_.empty()) {
      return fmt::format("Please specify user that will run {} service", service_.name());
    }
    auto const& name = init_user_.empty() ? user_ : init_user_;
    account_ = account_of(name);
    if (!account_) return fmt::format("there is no user '{}' on this machine", name);
    return std::nullopt;
  }

  // A service of another account reads the file in that account's home, unless told otherwise.
  trouble prepare_file() {
    if (given_file_) {
      file_ = fs::absolute(*given_file_);
    } else if (!init_user_.empty()) {
      file_ = account_->home / "config.toml";
    }
    auto const text = config::read_file(file_);
    if (!text) return text.error().message;
    if (!text->missing) {
      auto const values = config::load_text(text->bytes, file_, all_.variables);
      return values ? std::nullopt : trouble(values.error().message);
    }
    if (auto const why = config::save_file(config::configuration(), file_)) return why->message;
    // Nobody but its owner may read it.
    if (!init_user_.empty() && ::chown(file_.c_str(), account_->user, account_->group) != 0) {
      return fmt::format("cannot give {} to {}", file_.string(), init_user_);
    }
    return std::nullopt;
  }

  service_definition definition() const {
    service_definition what;
    what.name = service_.name();
    what.program = fs::read_symlink("/proc/self/exe");
    what.arguments = {"run",       "--config",      file_.string(), "--working-directory",
                      fs::absolute(directory_).string(), "--service", service_.name()};
    if (syslog_) what.arguments.push_back("--syslog");
    if (!user_.empty()) what.arguments.insert(what.arguments.end(), {"--user", user_});
    what.user = init_user_;
    what.of_user = service_.of_user();
    return what;
  }

  services& all_;
  service_access service_;
  fs::path file_;
  std::string directory_;
  std::optional<std::string> given_file_;
  bool syslog_;
  std::string user_;
  std::string init_user_;
  std::optional<account> account_;
};

}  // namespace

std::unique_ptr<command> make_install(services& all) {
  return std::make_unique<install_command>(all);
}

}  // namespace corunner
