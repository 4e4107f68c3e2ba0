#include "config/merge.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/questions.hpp"
#include "runner/command/register_executor.hpp"
#include "runner/command/register_options.hpp"
#include "runner/command/runner_calls.hpp"
#include "runner/command/runner_creation.hpp"
#include "runner/command/runner_flags.hpp"
#include "runner/command/standing_runner.hpp"
#include "runner/command/user_mode.hpp"
#include "runner/gitlab/short_token.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace corunner {

namespace {

// Ends the command with a line of its own severity; everything else that stops it is a panic.
class refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Ends the command after its line was written.
class told {};

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

class register_command final : public command {
 public:
  explicit register_command(services& all) : all_(all), file_(all) { entry_.name = host_name(); }

  std::vector<flag> flags() override {
    std::vector<flag> flags{{"template-config", &options_.template_file,
                             "Path to the configuration template file", "TEMPLATE_CONFIG_FILE"},
                            file_.flag()};
    for (flag const& each : options_.flags()) flags.push_back(each);
    for (flag const& each : runner_flags(entry_)) flags.push_back(each);
    return flags;
  }

  awaitable<int> run(std::vector<std::string>) override {
    announce_mode(all_, mode_hint::how_to_start);
    try {
      co_await register_and_save();
      co_return 0;
    } catch (refused const& why) {
      all_.log.fatal(why.what());
    } catch (no_answer const& why) {
      all_.log.panic(why.what());
    } catch (told const&) {
    }
    co_await take_back();
    co_return 1;
  }

 private:
  using kind = gitlab::runner_answer::kind;

  awaitable<void> register_and_save();
  void merge_template_file();
  awaitable<void> introduce();
  awaitable<void> make_in_gitlab();
  awaitable<void> ask_for_settings();
  void take(gitlab::runner_identity const& what);
  awaitable<void> verify_legacy_token();
  awaitable<void> verify_authentication_token(bool by_registration_flag);
  awaitable<void> register_legacy();
  awaitable<void> choose_executor();
  awaitable<void> take_back();
  void save();

  services& all_;
  config_access file_;
  register_options options_;
  config::runner_entry entry_;
  loaded_config loaded_;
  std::unique_ptr<questions> questions_;
  std::unique_ptr<runner_calls> calls_;
  std::unique_ptr<runner_creation> creation_;  // when the runner was made by us
  bool must_take_back_ = false;  // the server knows the runner and a failure shall undo that
};

awaitable<void> register_command::register_and_save() {
  if (!options_.has_valid_access_level()) {
    throw no_answer("Given access-level is not valid. Refer to " + all_.program +
                    " register -h for the correct options.");
  }
  if (!options_.template_file.empty()) merge_template_file();
  auto loaded = file_.load();
  if (!loaded) throw no_answer(loaded.error().message);
  loaded_ = *std::move(loaded);
  calls_ = std::make_unique<runner_calls>(all_, loaded_.system_id, loaded_.values.labels);
  questions_ = std::make_unique<questions>(all_.io.get_executor(), !options_.non_interactive);
  auto const bad_token = co_await options_.read_tokens(entry_.token, *questions_);
  if (!bad_token.empty()) throw refused(bad_token);
  entry_.url = co_await questions_->ask(
      "Enter the GitLab instance URL (for example, https://gitlab.com/):", "url", entry_.url,
      need::required);
  if (options_.ensure) {
    auto const found = co_await find_standing(*calls_, all_.log, entry_, loaded_.values.runners);
    if (!found.trouble.empty()) throw refused(found.trouble);
    if (found.stands) co_return;
  }
  co_await introduce();
  co_await choose_executor();
  save();
}

// A template is one entry whose values stand in where flags and variables say nothing.
void register_command::merge_template_file() {
  auto const& file = options_.template_file;
  all_.log.info("Merging configuration from template file \"" + file + "\"");
  auto const given = config::load_file(file, all_.variables);
  std::string problem;
  if (!given) {
    problem = "couldn't load configuration template file: " + given.error().message;
  } else if (given->runners.size() != 1) {
    problem = "configuration template must contain exactly one [[runners]] entry";
  }
  if (!problem.empty()) {
    all_.log.fatal("Could not handle configuration merging from template file",
                   {{"error", problem}});
    throw told();
  }
  config::merge_template(entry_, given->runners.front());
}

// Makes the runner known to the server, or has its token checked, whichever the token calls for.
awaitable<void> register_command::introduce() {
  if (options_.makes_runner()) co_return co_await make_in_gitlab();
  if (gitlab::is_authentication_token(entry_.token.reveal())) {
    co_return co_await verify_authentication_token(
        entry_.token.reveal() == options_.registration_token);
  }
  if (!entry_.token.empty()) co_return co_await verify_legacy_token();
  auto const from_flag = options_.registration_token;
  options_.registration_token = co_await questions_->ask(
      "Enter the registration token:", "registration-token", from_flag, need::required);
  if (gitlab::is_authentication_token(options_.registration_token)) {
    entry_.token = secret(options_.registration_token);
    co_return co_await verify_authentication_token(options_.registration_token == from_flag);
  }
  co_await register_legacy();
}

awaitable<void> register_command::verify_legacy_token() {
  all_.log.info("Token specified trying to verify runner...");
  all_.log.warning("If you want to register use the '-r' instead of '-t'.");
  auto const answer = co_await calls_->verify(entry_);
  if (answer.what == kind::forbidden) {
    throw no_answer("Failed to verify the runner. You may be having network problems.");
  }
}

awaitable<void> register_command::verify_authentication_token(bool by_registration_flag) {
  auto const& runners = loaded_.values.runners;
  if (std::any_of(runners.begin(), runners.end(),
                  [this](auto const& each) { return each.token == entry_.token; })) {
    all_.log.warning("A runner with this system ID and token has already been registered.");
  }
  if (options_.has_server_side_settings()) {
    if (!by_registration_flag) {
      throw refused(
          "Runner configuration other than name and executor configuration is reserved "
          "(specifically --locked, --access-level, --run-untagged, --maximum-timeout, --paused, "
          "--tag-list, and --maintenance-note): GitLab holds it for runners made there. Leave "
          "these arguments out.");
    }
    all_.log.warning(
        "--registration-token holds an authentication token. This has triggered the "
        "'legacy-compatible registration process': --locked, --access-level, --run-untagged, "
        "--maximum-timeout, --paused, --tag-list and --maintenance-note are ignored.");
  }
  auto const answer = co_await calls_->verify(entry_);
  if (answer.what != kind::ok || answer.runner.id == 0) {
    throw no_answer("Failed to verify the runner.");
  }
  must_take_back_ = !options_.leave_runner;
  take(answer.runner);
  entry_.name = co_await questions_->ask(
      "Enter a name for the runner. This is stored only in the local config.toml file:", "name",
      entry_.name, need::required);
}

// A `token` in an answer to verify is not taken.
void register_command::take(gitlab::runner_identity const& what) {
  entry_.id = what.id;
  entry_.token_obtained_at = std::chrono::floor<std::chrono::seconds>(all_.time.wall_now());
  entry_.token_expires_at = what.token_expires_at;
}

awaitable<void> register_command::ask_for_settings() {
  entry_.name = co_await questions_->ask("Enter a description for the runner:", "name", entry_.name,
                                         need::required);
  options_.tag_list = co_await questions_->ask("Enter tags for the runner (comma-separated):",
                                               "tag-list", options_.tag_list, need::optional);
  options_.maintenance_note =
      co_await questions_->ask("Enter optional maintenance note for the runner:",
                               "maintenance-note", options_.maintenance_note, need::optional);
  if (options_.tag_list.empty()) options_.run_untagged = true;
}

awaitable<void> register_command::make_in_gitlab() {
  if (!entry_.token.empty() || !options_.registration_token.empty()) {
    throw refused(
        "--instance, --project and --group make a runner, which gets a token of its own: leave the "
        "other token out");
  }
  co_await ask_for_settings();
  auto made = co_await runner_creation::make(all_, options_, entry_, *questions_);
  if (!made) throw refused(made.error().message);
  creation_ = *std::move(made);
  must_take_back_ = !options_.leave_runner;
  take(creation_->identity());
  entry_.token = creation_->identity().token;
  // This machine's part of it.
  auto const answer = co_await calls_->verify(entry_);
  if (answer.what != kind::ok) throw no_answer("Failed to verify the runner.");
}

awaitable<void> register_command::register_legacy() {
  co_await ask_for_settings();
  all_.log.warning(
      "Registering with a registration token and runner parameters has been deprecated in GitLab "
      "Runner 15.6: make the runner in GitLab and use its authentication token.");
  auto const answer = co_await calls_->register_runner(entry_, options_.registration(entry_.name));
  if (answer.what != kind::ok) throw no_answer("Failed to register the runner.");
  must_take_back_ = !options_.leave_runner;
  take(answer.runner);
  entry_.token = answer.runner.token;
}

// From here on an interrupt, too, takes the runner back before the program ends.
awaitable<void> register_command::choose_executor() {
  if (options_.leave_runner) co_return co_await complete_executor(*questions_, all_.log, entry_);
  using namespace asio::experimental::awaitable_operators;
  asio::signal_set interrupts(all_.io, SIGINT);
  std::exception_ptr failure;
  auto const ask = [&]() -> awaitable<void> {
    try {
      co_await complete_executor(*questions_, all_.log, entry_);
    } catch (...) {
      failure = std::current_exception();
    }
  };
  auto const first =
      co_await (ask() || interrupts.async_wait(asio::as_tuple(asio::use_awaitable)));
  if (first.index() == 1) {
    co_await take_back();
    throw refused("RECEIVED SIGNAL: interrupt");
  }
  if (failure) std::rethrow_exception(failure);
}

awaitable<void> register_command::take_back() {
  if (!std::exchange(must_take_back_, false)) co_return;
  if (!creation_) {
    co_await calls_->unregister(entry_);
    co_return;
  }
  auto const failure = co_await creation_->take_back();
  if (!failure.empty()) all_.log.error("the runner that was made could not be deleted: " + failure);
}

void register_command::save() {
  warn_of_limits(all_.log, entry_, loaded_.values.concurrent);
  loaded_.values.runners.push_back(entry_);
  if (auto const why = file_.save(loaded_.values)) throw no_answer(why->message);
  all_.log.info(
      "Runner registered successfully. Feel free to start it, but if it's running already the "
      "config should be automatically reloaded!");
  all_.log.info("Configuration (with the authentication token) was saved in \"" + file_.path() +
                "\"");
}

}  // namespace

std::unique_ptr<command> make_register(services& all) {
  return std::make_unique<register_command>(all);
}

}  // namespace corunner
