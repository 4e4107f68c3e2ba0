#include "runner/command/register_options.hpp"

#include "runner/command/token_input.hpp"

#include <algorithm>
#include <array>

namespace corunner {

namespace {

constexpr std::array<std::string_view, 2> access_levels{"not_protected", "ref_protected"};

}  // namespace

bool register_options::has_server_side_settings() const {
  return !locked || !access_level.empty() || run_untagged || maximum_timeout != 0 || paused ||
         !tag_list.empty() || !maintenance_note.empty();
}

bool register_options::has_valid_access_level() const {
  return access_level.empty() ||
         std::ranges::find(access_levels, access_level) != access_levels.end();
}

gitlab::registration register_options::registration(std::string const& description) const {
  gitlab::registration what;
  what.token = secret(registration_token);
  what.description = description;
  what.maintenance_note = maintenance_note;
  what.tag_list = tag_list;
  what.run_untagged = run_untagged;
  what.locked = locked;
  what.access_level = access_level;
  what.maximum_timeout = maximum_timeout;
  what.paused = paused;
  return what;
}

awaitable<std::string> register_options::read_tokens(secret& token, questions& input) {
  auto why = co_await complete_token(token, token_file, "token", input);
  if (!why.empty()) co_return why;
  secret registration(registration_token);
  why = co_await complete_token(registration, registration_token_file, "registration-token", input);
  registration_token = registration.reveal();
  co_return why;
}

std::vector<flag> register_options::flags() {
  return {
      {"tag-list", &tag_list, "Tags, comma-separated", "RUNNER_TAG_LIST"},
      {"n, non-interactive", &non_interactive, "Ask nothing", "REGISTER_NON_INTERACTIVE"},
      {"leave-runner", &leave_runner, "Do not remove the runner when a later step fails",
       "REGISTER_LEAVE_RUNNER"},
      {"r, registration-token", &registration_token, "Registration token (deprecated, use --token)",
       "REGISTRATION_TOKEN"},
      {"run-untagged", &run_untagged, "Run jobs without tags; 'true' when 'tag-list' is empty",
       "REGISTER_RUN_UNTAGGED"},
      {"locked", &locked, "Lock the runner to its project, defaults to 'true'", "REGISTER_LOCKED"},
      {"access-level", &access_level, "not_protected or ref_protected", "REGISTER_ACCESS_LEVEL",
       "value", nullptr, access_levels},
      {"maximum-timeout", &maximum_timeout, "Longest timeout of a job, in seconds",
       "REGISTER_MAXIMUM_TIMEOUT"},
      {"paused", &paused, "Register in paused state", "REGISTER_PAUSED"},
      {"maintenance-note", &maintenance_note, "Note for administrators",
       "REGISTER_MAINTENANCE_NOTE"},
      {"token-file", &token_file, "File with the runner token, or - for a line of standard input",
       "CI_SERVER_TOKEN_FILE"},
      {"registration-token-file", &registration_token_file,
       "File with the registration token (deprecated), or -", "REGISTRATION_TOKEN_FILE"},
      {"instance", &instance, "Make the runner in GitLab, for the whole instance", ""},
      {"project", &project, "Make the runner in GitLab, for this project (number or full path)",
       ""},
      {"group", &group, "Make the runner in GitLab, for this group (number or full path)", ""},
      {"access-token-file", &access_token_file,
       "File with the access token that makes it, or -; else $GITLAB_TOKEN, else that of `runners`",
       "GITLAB_TOKEN_FILE"},
      {"ensure", &ensure,
       "Do nothing when the file has a runner of this URL and this name or token that GitLab knows",
       "REGISTER_ENSURE"},
  };
}

}  // namespace corunner
