#pragma once

#include "config/secret.hpp"
#include "runner/command/flag.hpp"
#include "runner/command/questions.hpp"
#include "runner/gitlab/api_client.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace corunner {

// What `register` can be told besides the entry itself. Most of it is for registration tokens
// only: runners made in GitLab have these settings there.
struct register_options {
  std::string template_file;
  std::string tag_list;
  bool non_interactive = false;
  bool leave_runner = false;
  std::string registration_token;
  bool run_untagged = false;
  bool locked = true;
  std::string access_level;
  std::int64_t maximum_timeout = 0;
  bool paused = false;
  std::string maintenance_note;

  // Instead of the tokens themselves, so that none stands on a command line.
  std::string token_file;
  std::string registration_token_file;

  // With one of these the runner is made in GitLab, in the name of an access token's owner.
  bool instance = false;
  std::string project;  // number or full path
  std::string group;
  std::string access_token_file;

  bool ensure = false;  // leave things as they are when the runner is registered already

  bool makes_runner() const { return instance || !project.empty() || !group.empty(); }

  // Whether anything was set that belongs to the server for a runner made in GitLab.
  bool has_server_side_settings() const;
  bool has_valid_access_level() const;

  // The body of the legacy registration.
  gitlab::registration registration(std::string const& description) const;

  std::vector<flag> flags();

  // Puts the tokens of files where those of flags are. The failure's text, or nothing.
  awaitable<std::string> read_tokens(secret& token, questions& input);
};

}  // namespace corunner
