#pragma once

#include "runner/gitlab/management.hpp"

#include <string>

namespace corunner::gitlab {

// Why a call of the Runners API did not do what it should, for the person who made it.
struct refusal {
  enum class kind {
    refused,      // the server does not want it so: 400, 409, 422 and all the rest
    not_allowed,  // 401, 403
    not_found,    // 404, 410
    unavailable,  // no answer, 429, 5xx: may work later
  };
  kind what = kind::refused;
  std::string text;  // what happened, where, and what to do, without a full stop
};

// In whose name the call was made.
struct credentials_used {
  std::string
      access_token;  // where the access token came from: "$GITLAB_TOKEN"; empty: there was none
  bool runner_token = false; // the call was proved by a runner's token in its body
};

// `answer` is none of the expected ones. Tokens and queries never appear in the text.
refusal explain(management_answer const& answer, credentials_used const& by);

}  // namespace corunner::gitlab
