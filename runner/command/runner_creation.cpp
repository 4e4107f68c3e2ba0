#include "runner/command/runner_creation.hpp"

#include "runner/command/runners/given.hpp"
#include "runner/command/runners/operations.hpp"

#include <boost/json/parse.hpp>

namespace corunner {

namespace {

access_options access_of(register_options const& options, config::runner_entry const& entry) {
  return {.url = entry.url,
          .token_file = options.access_token_file,
          .tls_ca_file = entry.tls_ca_file.text(),
          .tls_cert_file = entry.tls_cert_file.text(),
          .tls_key_file = entry.tls_key_file.text()};
}

// What `runners create` would be given.
config::outcome<given> given_by(register_options const& options, std::string const& name) {
  given by;
  by.instance = options.instance;
  by.project = options.project;
  by.group = options.group;
  auto const switch_text = [](bool on) { return std::string(on ? "true" : "false"); };
  auto const timeout =
      options.maximum_timeout == 0 ? std::string() : std::to_string(options.maximum_timeout);
  std::pair<std::string_view, std::string> const texts[] = {
      {"description", name},
      {"maintenance_note", options.maintenance_note},
      {"tag_list", options.tag_list},
      {"run_untagged", switch_text(options.run_untagged)},
      // Only a project's runner has projects to be kept for.
      {"locked", options.project.empty() ? std::string() : switch_text(options.locked)},
      {"paused", switch_text(options.paused)},
      {"access_level", options.access_level},
      {"maximum_timeout", timeout},
  };
  for (auto const& [field, text] : texts) {
    if (text.empty()) continue;
    if (auto const why = take_field(by, runner_making(), field, text)) return *why;
  }
  return by;
}

}  // namespace

awaitable<config::outcome<std::unique_ptr<runner_creation>>> runner_creation::make(
    services& all, register_options const& options, config::runner_entry const& entry,
    questions& input) {
  auto by = given_by(options, entry.name);
  if (!by) co_return by.error();
  auto const way = choose_route(runner_making(), *by);
  if (!way) co_return way.error();
  auto access = co_await find_access(all, access_of(options, entry), input);
  if (!access) co_return access.error();
  if (access->token.empty()) co_return config::failure{no_access_token(all, access->url)};

  std::unique_ptr<runner_creation> made(new runner_creation(all, *std::move(access)));
  auto& client = made->client_;
  if (auto const path = number_lookup(**way, *by); !path.empty()) {
    auto const found = co_await client.number_at(path);
    if (found.number == 0) co_return config::failure{found.why.text};
    put_number(**way, *by, found.number);
  }
  auto const answer = co_await client.call(plan_calls(runner_making(), **way, *by).front());
  error_code broken;
  auto const tree = boost::json::parse(answer.body, broken);
  if (answer.ok() && !broken) made->identity_ = gitlab::identity_of(tree);
  if (made->identity_.token.empty()) co_return config::failure{client.refusal_of(answer).text};
  co_return made;
}

awaitable<std::string> runner_creation::take_back() {
  gitlab::management_call call;
  call.method = "DELETE";
  call.path = "runners";
  call.body = {{"token", identity_.token.reveal()}};
  auto const answer = co_await client_.call(std::move(call), true);
  co_return answer.ok() ? "" : client_.refusal_of(answer, true).text;
}

}  // namespace corunner
