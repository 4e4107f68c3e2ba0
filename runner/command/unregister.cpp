#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/runner_calls.hpp"
#include "runner/command/token_input.hpp"
#include "runner/command/user_mode.hpp"
#include "runner/gitlab/short_token.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {

namespace {

class unregister_command final : public command {
 public:
  explicit unregister_command(services& all) : all_(all), file_(all) {}

  // The URL and the TLS files are taken for the sake of scripts: the entry has its own.
  std::vector<flag> flags() override {
    return {
        {"u, url", &given_.url, "GitLab instance URL", "CI_SERVER_URL"},
        {"t, token", &given_.token, "Runner token", "CI_SERVER_TOKEN"},
        {"token-file", &token_file_,
         "File with the runner token, or - for a line of standard input", "CI_SERVER_TOKEN_FILE"},
        {"tls-ca-file", &given_.tls_ca_file,
         "PEM file with the certificates that GitLab's is checked against",
         "CI_SERVER_TLS_CA_FILE"},
        {"tls-cert-file", &given_.tls_cert_file, "PEM file with our client certificate",
         "CI_SERVER_TLS_CERT_FILE"},
        {"tls-key-file", &given_.tls_key_file, "PEM file with the client certificate's key",
         "CI_SERVER_TLS_KEY_FILE"},
        file_.flag(),
        {"n, name", &given_.name, "Runner to remove, by its local name", ""},
        {"all-runners", &all_runners_, "Remove every runner", ""}};
  }

  awaitable<int> run(std::vector<std::string>) override {
    announce_mode(all_, mode_hint::none);
    questions input(all_.io.get_executor(), false);
    auto const bad = co_await complete_token(given_.token, token_file_, "token", input);
    if (!bad.empty()) co_return fail(bad);
    auto loaded = file_.load();
    if (!loaded) co_return fail(loaded.error().message);
    auto& runners = loaded->values.runners;
    auto const before = runners.size();
    runner_calls calls(all_, loaded->system_id);
    if (all_runners_) {
      co_await remove_all(calls, runners);
    } else if (auto const why = co_await remove_one(calls, runners); !why.empty()) {
      co_return fail("mutate config: " + why);
    }
    if (runners.size() == before) co_return 0;
    if (auto const why = file_.save(loaded->values)) {
      all_.log.fatal("Failed to update " + file_.path(), {{"error", why->message}});
      co_return 1;
    }
    all_.log.info("Updated " + file_.path());
    co_return 0;
  }

 private:
  int fail(std::string const& why) const {
    all_.log.fatal("failed to unregister runner", {{"error", why}});
    return 1;
  }

  bool is_given(config::runner_entry const& entry) const {
    if (!given_.name.empty() && entry.name != given_.name) return false;
    return given_.token.empty() || entry.token == given_.token;
  }

  std::string not_found() const {
    auto const shown = gitlab::short_token(given_.token.reveal());
    constexpr std::string_view what =
        "unregister runner: get runner by token or name: could not find a runner with the";
    if (given_.token.empty()) return fmt::format("{} name '{}'", what, given_.name);
    if (given_.name.empty()) return fmt::format("{} token '{}'", what, shown);
    return fmt::format("{} Name '{}' and Token '{}'", what, given_.name, shown);
  }

  // Why the one entry was not removed; empty: it is gone, with every entry of the same credentials.
  awaitable<std::string> remove_one(runner_calls& calls,
                                    std::vector<config::runner_entry>& runners) {
    if (given_.name.empty() && given_.token.empty()) {
      co_return "unregister runner: at least one of --name or --token must be specified";
    }
    auto const found = std::find_if(runners.begin(), runners.end(),
                                    [this](auto const& entry) { return is_given(entry); });
    if (found == runners.end()) co_return not_found();
    auto const chosen = *found;
    auto const answer = co_await calls.unregister(chosen);
    if (answer.what != gitlab::runner_answer::kind::ok) {
      co_return fmt::format("unregister runner: failed to unregister runner \"{}\"", chosen.name);
    }
    std::erase_if(runners, [&chosen](auto const& entry) {
      return entry.url == chosen.url && entry.token == chosen.token;
    });
    co_return "";
  }

  // Removes what the server let go; what it refused stays.
  awaitable<void> remove_all(runner_calls& calls, std::vector<config::runner_entry>& runners) {
    all_.log.warning("Unregistering all runners");
    std::vector<config::runner_entry> kept;
    for (auto& entry : runners) {
      auto const answer = co_await calls.unregister(entry);
      if (answer.what == gitlab::runner_answer::kind::ok) continue;
      all_.log.error("Failed to unregister runner " + entry.name);
      kept.push_back(std::move(entry));
    }
    if (!kept.empty()) all_.log.error("Failed to unregister runners");
    runners = std::move(kept);
  }

  services& all_;
  config_access file_;
  config::runner_entry given_;
  std::string token_file_;
  bool all_runners_ = false;
};

}  // namespace

std::unique_ptr<command> make_unregister(services& all) {
  return std::make_unique<unregister_command>(all);
}

}  // namespace corunner
