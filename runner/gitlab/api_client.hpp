#pragma once

#include "net/http_client.hpp"
#include "net/time_source.hpp"
#include "net/url.hpp"
#include "runner/gitlab/job_api.hpp"
#include "runner/gitlab/retry.hpp"
#include "runner/gitlab/runner_info.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace corunner::gitlab {

struct management_call;
struct management_answer;

// --- runners --------------------------------------------------------------------------------

// POST runners with a registration token (legacy).
struct registration {
  secret token;
  std::string description;
  std::string maintenance_note;
  std::string tag_list;  // comma separated
  bool run_untagged = false;
  bool locked = false;
  std::string access_level;
  std::int64_t maximum_timeout = 0;
  bool paused = false;
};

// What GitLab knows of a runner after register, verify and reset.
struct runner_identity {
  std::int64_t id = 0;
  secret token;
  std::optional<net::time_source::wall_time> token_expires_at;  // nothing: never
};

struct runner_answer {
  enum class kind {
    ok,            // `runner` is set (verify: also when the server answered without a body)
    forbidden,     // 403: the token is not accepted
    failed,        // any other status or a transport error
    client_error,  // the URL cannot be used
  };
  kind what = kind::failed;
  runner_identity runner;
  std::string message;  // for the log, when not ok
};

// --------------------------------------------------------------------------------------------

// One call of those that `run` makes, at its end.
struct call_report {
  enum class kind { request_job, update_job, patch_trace, reset_token };
  kind what;
  int status = 0;         // the last one; below 0: no usable answer
  unsigned attempts = 0;  // at least 1
  net::time_source::duration took{};  // with all attempts and the pauses between them
};

struct api_options {
  std::string url;  // [[runners]] url
  secret token;     // of the runner; empty when there is none yet
  std::string system_id;
  runner_info info;
  // What the configuration says; files of the server's name fill the gaps (tls_files.hpp).
  net::tls_options tls;
  std::filesystem::path certificate_directory;  // empty: the default one
  bool full_chain =
      false;               // jobs get the server's chain up to its root (FF_RESOLVE_FULL_TLS_CHAIN)
  std::uint64_t seed = 0;  // of the jitter of pauses before repeated calls; 0: chance
  // Told about every pause before a repeated call, so that it can be logged.
  std::function<void(std::string const& method, net::url const& target, retry_pause const& pause)>
      waiting;
  // Told about every such call that was sent, but not one that we cancelled; may be empty.
  std::function<void(call_report const&)> ended;
  // Told, in words, that the server's chain could not be made whole; may be empty.
  std::function<void(std::string const& trouble)> incomplete_chain;
};

// The client of one (url, token, TLS files): every call that a runner makes. (Artifacts are
// the business of the helper commands, in runner/artifact.)
//
// It remembers the server's last_update, so one object serves one runner entry as long as its url,
// token and TLS files stay. `http` and `time` must outlive it. Tokens never appear in messages.
// Wire: protocol.md 1 to 5.
class api_client final : public job_api {
 public:
  api_client(net::http_client& http, net::time_source& time, api_options options);

  awaitable<poll_answer> request_job(poll_request how) override;
  awaitable<update_answer> update_job(job_key const& job, job_update update) override;
  awaitable<patch_answer> patch_trace(job_key const& job, trace_patch patch) override;

  awaitable<runner_answer> register_runner(registration what);
  awaitable<runner_answer> verify();
  // Removes the runner (legacy token) or this machine's part of it (authentication token).
  awaitable<runner_answer> unregister();
  // A new token for this runner, proved by its present one, or by a personal access token.
  awaitable<runner_answer> reset_token();
  awaitable<runner_answer> reset_token(std::int64_t runner_id, secret access_token);

  // A call of the Runners API by a person (management.hpp).
  awaitable<management_answer> manage(management_call what);

  // The files that are used.
  net::tls_options const& tls() const { return options_.tls; }

  // What config.toml says changed without changing who we are.
  void set_info(runner_info info);
  void set_full_chain(bool wanted) { options_.full_chain = wanted; }

 private:
  struct call;
  struct reply;
  struct json_reply;
  awaitable<reply> open(call what);
  awaitable<reply> perform(call what);
  awaitable<json_reply> perform_json(call what, int expected);
  awaitable<runner_answer> identify(call what, int expected,
                                    std::optional<call_report::kind> counts_as = std::nullopt);
  void report(call_report::kind what, reply const& from, net::time_source::time_point began) const;
  net::http_request make_request(call const& what, std::string const& request_id) const;
  std::string request_body(poll_request const& how, bool& held) const;
  awaitable<std::string> chain_for_job(std::string verified);
  void notice_changed_files();
  std::uint64_t jitter_seed();

  net::http_client& http_;
  net::time_source& time_;
  api_options options_;
  result<net::url> base_;
  std::string last_update_;
  std::string verified_chain_;  // for which full_chain_ was found
  std::string full_chain_;
  net::tls_stamps stamps_;  // of the TLS files, at the last call
};

// `url` as the base of all calls: slashes and a legacy "/ci" at the end dropped, "/api/v4/" added.
result<net::url> api_base(std::string_view url);

}  // namespace corunner::gitlab
