#include "runner/command/register_options.hpp"

namespace corunner {

bool register_options::has_server_side_settings() const {
  return !locked || !access_level.empty() || run_untagged || maximum_timeout != 0 || paused ||
         !tag_list.empty() || !maintenance_note.empty();
}

bool register_options::has_valid_access_level() const {
  return access_level.empty() || access_level == "not_protected" || access_level == "ref_protected";
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

std::vector<flag> register_options::flags() {
  return {
      {"tag-list", &tag_list, "Tags, comma-separated", "RUNNER_TAG_LIST"},
      {"n, non-interactive", &non_interactive, "Ask nothing", "REGISTER_NON_INTERACTIVE"},
      {"leave-runner", &leave_runner, "Do not remove the runner when a later step fails",
       "REGISTER_LEAVE_RUNNER"},
      {"r, registration-token", &registration_token,
       "Registration token (deprecated, use --token)", "REGISTRATION_TOKEN"},
      {"run-untagged", &run_untagged, "Run jobs without tags; 'true' when 'tag-list' is empty",
       "REGISTER_RUN_UNTAGGED"},
      {"locked", &locked, "Lock the runner to its project, defaults to 'true'", "REGISTER_LOCKED"},
      {"access-level", &access_level, "not_protected or ref_protected", "REGISTER_ACCESS_LEVEL"},
      {"maximum-timeout", &maximum_timeout, "Longest timeout of a job, in seconds",
       "REGISTER_MAXIMUM_TIMEOUT"},
      {"paused", &paused, "Register in paused state", "REGISTER_PAUSED"},
      {"maintenance-note", &maintenance_note, "Note for administrators",
       "REGISTER_MAINTENANCE_NOTE"},
  };
}

}  // namespace corunner
