#pragma once

#include "net/http_client.hpp"
#include "runner/command/gitlab_access.hpp"
#include "runner/command/services.hpp"
#include "runner/gitlab/api_client.hpp"
#include "runner/gitlab/refusal.hpp"

namespace corunner {

// The Runners API of one GitLab in one person's name. Pauses before repeated calls are logged. Move
// it nowhere: its client points at its connections.
class management_client {
 public:
  management_client(services& all, gitlab_access access);
  management_client(management_client const&) = delete;
  management_client& operator=(management_client const&) = delete;

  // The access token is added, unless the call is proved by a runner's own token.
  awaitable<gitlab::management_answer> call(gitlab::management_call what,
                                            bool by_runner_token = false);
  // Why `answer` is not what was expected.
  gitlab::refusal refusal_of(gitlab::management_answer const& answer,
                             bool by_runner_token = false) const;

  // The number of the project or group at `path` ("projects/a%2Fb"), or why there is none.
  struct found_number {
    std::int64_t number = 0;  // 0: none
    gitlab::refusal why;
  };
  awaitable<found_number> number_at(std::string path);

  std::string const& url() const { return access_.url; }
  bool has_token() const { return !access_.token.empty(); }

 private:
  gitlab_access access_;
  net::http_client http_;
  gitlab::api_client client_;
};

}  // namespace corunner
