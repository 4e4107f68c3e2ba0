#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/runner_calls.hpp"
#include "runner/command/token_input.hpp"
#include "runner/command/user_mode.hpp"

#include <algorithm>

namespace corunner {

namespace {

// Which entries to look at: all of them when nothing is given.
struct selection {
  std::string name;
  std::string url;
  secret token;

  bool empty() const { return name.empty() && url.empty() && token.empty(); }

  bool matches(config::runner_entry const& entry) const {
    if (empty()) return true;
    if (!name.empty() && entry.name == name) return true;
    return !token.empty() && entry.token == token && matches_url(entry.url);
  }

 private:
  bool matches_url(std::string const& other) const {
    return url.empty() || url == "*" || other.empty() || other == "*" || url == other;
  }
};

class verify_command final : public command {
 public:
  explicit verify_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override {
    return {file_.flag(),
            {"n, name", &which_.name, "Check only the runner of this local name", ""},
            {"u, url", &which_.url, "GitLab instance URL", ""},
            {"t, token", &which_.token, "Runner token", ""},
            {"token-file", &token_file_,
             "File with the runner token, or - for a line of standard input", ""},
            {"delete", &delete_, "Remove runners that GitLab does not know any more", ""}};
  }

  awaitable<int> run(std::vector<std::string>) override {
    announce_mode(all_, mode_hint::how_to_start);
    questions input(all_.io.get_executor(), false);
    auto const bad = co_await complete_token(which_.token, token_file_, "token", input);
    if (!bad.empty()) co_return fail(bad);
    auto loaded = file_.load();
    if (!loaded) co_return fail(loaded.error().message);
    auto& runners = loaded->values.runners;
    auto const selected = [this](auto const& entry) { return which_.matches(entry); };
    if (!which_.empty() && std::none_of(runners.begin(), runners.end(), selected)) {
      co_return fail("mutate config: no runner matches the filtering parameters");
    }
    auto const refused = co_await refused_runners(*loaded);
    if (refused.empty()) co_return 0;
    if (!delete_) co_return fail("Failed to verify runners");
    co_return remove(loaded->values, refused);
  }

 private:
  int fail(std::string const& why) const {
    all_.log.fatal(why);
    return 1;
  }

  // The entries that the server does not know any more. Only a plain refusal counts: a server that
  // cannot be reached never costs a runner.
  awaitable<std::vector<std::size_t>> refused_runners(loaded_config const& loaded) {
    runner_calls calls(all_, loaded.system_id, loaded.values.labels);
    std::vector<std::size_t> refused;
    for (std::size_t i = 0; i < loaded.values.runners.size(); ++i) {
      auto const& entry = loaded.values.runners[i];
      if (!which_.matches(entry)) continue;
      auto const answer = co_await calls.verify(entry);
      if (answer.what == gitlab::runner_answer::kind::forbidden) refused.push_back(i);
    }
    co_return refused;
  }

  int remove(config::configuration& values, std::vector<std::size_t> const& refused) {
    for (auto i = refused.rbegin(); i != refused.rend(); ++i) {
      values.runners.erase(values.runners.begin() + static_cast<std::ptrdiff_t>(*i));
    }
    if (auto const why = file_.save(values)) {
      return fail("Failed to update " + file_.path() + ": " + why->message);
    }
    all_.log.info("Updated " + file_.path());
    return 0;
  }

  services& all_;
  config_access file_;
  selection which_;
  std::string token_file_;
  bool delete_ = false;
};

}  // namespace

std::unique_ptr<command> make_verify(services& all) {
  return std::make_unique<verify_command>(all);
}

}  // namespace corunner
