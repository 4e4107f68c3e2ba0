#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/runner_calls.hpp"
#include "runner/command/token_input.hpp"
#include "runner/command/user_mode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {

namespace {

class reset_token_command final : public command {
 public:
  explicit reset_token_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override {
    return {
        file_.flag(),
        {"n, name", &name_, "Runner of this local name", ""},
        {"u, url", &url_, "GitLab instance URL", ""},
        {"i, id", &id_, "Runner of this number, together with --url", ""},
        {"all-runners", &all_runners_, "Every runner", ""},
        {"pat", &access_token_, "Personal access token that may reset the token", ""},
        {"pat-file", &access_token_file_, "File with it, or - for a line of standard input", ""}};
  }

  awaitable<int> run(std::vector<std::string>) override {
    announce_mode(all_, mode_hint::how_to_start);
    questions input(all_.io.get_executor(), false);
    auto const bad = co_await complete_token(access_token_, access_token_file_, "pat", input);
    if (!bad.empty()) {
      all_.log.fatal(bad);
      co_return 1;
    }
    auto loaded = file_.load();
    if (!loaded) {
      all_.log.fatal(loaded.error().message);
      co_return 1;
    }
    runner_calls calls(all_, loaded->system_id, loaded->values.labels);
    int code = 0;
    if (all_runners_) {
      co_await reset_all(calls, loaded->values.runners);
    } else {
      code = co_await reset_one(calls, loaded->values.runners);
    }
    if (code != 0) co_return code;
    if (auto const why = file_.save(loaded->values)) {
      all_.log.fatal("Failed to update " + file_.path(), {{"error", why->message}});
      co_return 1;
    }
    all_.log.info("Updated " + file_.path());
    co_return 0;
  }

 private:
  bool is_given(config::runner_entry const& entry) const {
    if (!name_.empty()) return entry.name == name_;
    return entry.url == url_ && entry.id == id_;
  }

  // Puts the new token into the entry; false when there is none.
  awaitable<bool> reset(runner_calls& calls, config::runner_entry& entry) {
    auto const answer = co_await calls.reset_token(entry, access_token_);
    if (answer.what != gitlab::runner_answer::kind::ok) co_return false;
    entry.token = answer.runner.token;
    entry.token_obtained_at = all_.time.wall_now();
    entry.token_expires_at = answer.runner.token_expires_at;
    co_return true;
  }

  awaitable<int> reset_one(runner_calls& calls, std::vector<config::runner_entry>& runners) {
    auto const found = std::find_if(runners.begin(), runners.end(),
                                    [this](auto const& entry) { return is_given(entry); });
    if (found == runners.end()) {
      auto const what = name_.empty() ? fmt::format("URL \"{}\" and ID {}", url_, id_)
                                      : fmt::format("name '{}'", name_);
      all_.log.fatal("Couldn't get runner credentials",
                     {{"error", "could not find a runner with the " + what}});
      co_return 1;
    }
    if (co_await reset(calls, *found)) co_return 0;
    all_.log.fatal("Failed to reset runner authentication token",
                   {{"id", id_}, {"name", found->name}});
    co_return 1;
  }

  awaitable<void> reset_all(runner_calls& calls, std::vector<config::runner_entry>& runners) {
    all_.log.warning("Resetting all runner authentication tokens");
    for (auto& entry : runners) {
      if (co_await reset(calls, entry)) continue;
      all_.log.error("Failed to reset runner authentication token", {{"name", entry.name}});
    }
  }

  services& all_;
  config_access file_;
  std::string name_;
  std::string url_;
  std::int64_t id_ = 0;
  bool all_runners_ = false;
  secret access_token_;
  std::string access_token_file_;
};

}  // namespace

std::unique_ptr<command> make_reset_token(services& all) {
  return std::make_unique<reset_token_command>(all);
}

}  // namespace corunner
