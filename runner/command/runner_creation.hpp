#pragma once

#include "config/config.hpp"
#include "runner/command/management_client.hpp"
#include "runner/command/register_options.hpp"
#include "runner/gitlab/api_client.hpp"

#include <memory>
#include <string>

namespace corunner {

// Makes the runner of `register` in GitLab, in the name of the owner of an access token (POST
// user/runners), and takes it back when a later step fails.
class runner_creation {
 public:
  // Makes it, called `entry.name`, with the settings of `options`. The failure says what to do.
  static awaitable<config::outcome<std::unique_ptr<runner_creation>>> make(
      services& all, register_options const& options, config::runner_entry const& entry,
      questions& input);

  gitlab::runner_identity const& identity() const { return identity_; }

  // Deletes it, by its token. The failure's text, or nothing.
  awaitable<std::string> take_back();

 private:
  runner_creation(services& all, gitlab_access access) : client_(all, std::move(access)) {}

  management_client client_;
  gitlab::runner_identity identity_;
};

}  // namespace corunner
