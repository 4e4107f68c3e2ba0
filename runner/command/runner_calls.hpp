#pragma once

#include "config/config.hpp"
#include "net/http_client.hpp"
#include "runner/command/services.hpp"
#include "runner/gitlab/api_client.hpp"
#include "runner/observe/run_figures.hpp"

#include <string>

namespace corunner {

// The calls of register, verify, unregister and reset-token, each with its line in the log (cli.md
// 7.4). A call ends when the server has answered or the inner retries are used up.
class runner_calls {
 public:
  // `labels` are those of the whole file; an entry's own come on top.
  runner_calls(services& all, std::string system_id, config::string_map labels = {});
  // For those who tell how often they called. The figures must outlive this.
  void count_in(run_figures& figures) { figures_ = &figures; }

  awaitable<gitlab::runner_answer> register_runner(config::runner_entry const& entry,
                                                   gitlab::registration what);
  awaitable<gitlab::runner_answer> verify(config::runner_entry const& entry);
  // This machine's part of a runner made in GitLab, else the runner itself.
  awaitable<gitlab::runner_answer> unregister(config::runner_entry const& entry);
  // With `access_token` in the name of its owner, else of the runner itself.
  awaitable<gitlab::runner_answer> reset_token(config::runner_entry const& entry,
                                               secret access_token);

 private:
  gitlab::api_client client(config::runner_entry const& entry, secret const& token);
  logger log_of(config::runner_entry const& entry, secret const& token) const;

  services& all_;
  std::string system_id_;
  config::string_map labels_;
  net::http_client http_;
  run_figures* figures_ = nullptr;
};

// What runner_calls says of an answer: the text that scripts match and how severe it is.
struct call_line {
  log_level level;
  std::string text;
};
enum class runner_call { register_runner, verify, unregister, unregister_manager, reset_token };
call_line describe_answer(runner_call call, bool authentication_token,
                          gitlab::runner_answer::kind what);

}  // namespace corunner
