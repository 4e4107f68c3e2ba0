#include "runner/command/runner_calls.hpp"

#include "runner/command/version.hpp"
#include "runner/gitlab/short_token.hpp"
#include "runner/manager/job_figures.hpp"
#include "runner/observe/retry_log.hpp"

#include <array>

namespace corunner {

namespace {

// The texts of one call, in the order ok, forbidden, failed, client_error.
struct call_texts {
  std::string_view subject;
  std::array<std::string_view, 4> ends;
};

call_texts texts_of(runner_call call, bool authentication_token) {
  switch (call) {
    case runner_call::register_runner:
      return {"Registering runner... ",
              {"succeeded", "forbidden (check registration token)", "failed", "client error"}};
    case runner_call::verify:
      if (authentication_token) {
        return {"Verifying runner... ", {"is valid", "is not valid", "failed", "client error"}};
      }
      return {"Verifying runner... ", {"is alive", "is removed", "failed", "client error"}};
    case runner_call::unregister:
      return {"Unregistering runner from GitLab ",
              {"succeeded", "forbidden", "failed", "client error"}};
    case runner_call::unregister_manager:
      return {"Unregistering runner manager from GitLab ",
              {"succeeded", "forbidden", "failed", "client error"}};
    case runner_call::reset_token:
      return {"Resetting runner authentication token... ",
              {"succeeded", "failed (check used token)", "failed", "client error"}};
  }
  return {};
}

}  // namespace

call_line describe_answer(runner_call call, bool authentication_token,
                          gitlab::runner_answer::kind what) {
  using kind = gitlab::runner_answer::kind;
  auto const texts = texts_of(call, authentication_token);
  auto const is_info = what == kind::ok || (what == kind::forbidden && authentication_token &&
                                            call == runner_call::verify);
  return {is_info ? log_level::info : log_level::error,
          std::string(texts.subject) + std::string(texts.ends[static_cast<std::size_t>(what)])};
}

runner_calls::runner_calls(services& all, std::string system_id, config::string_map labels)
    : all_(all),
      system_id_(std::move(system_id)),
      labels_(std::move(labels)),
      http_(all.connections, all.time,
            {.user_agent = gitlab::user_agent(),
             .proxies = net::read_proxy_environment(all.variables)}) {}

gitlab::api_client runner_calls::client(config::runner_entry const& entry, secret const& token) {
  gitlab::api_options options;
  options.url = entry.url;
  options.token = token;
  options.system_id = system_id_;
  options.info = entry.executor.empty() ? gitlab::local_runner_info()
                                        : gitlab::local_runner_info(entry.executor, entry.shell);
  options.info.revision = version().revision;
  // What verify tells GitLab keeps until the better part of an hour later (protocol.md 2.2).
  options.info.labels = labels_;
  for (auto const& [key, value] : entry.labels.or_empty()) options.info.labels[key] = value;
  options.tls = {entry.tls_ca_file.text(), entry.tls_cert_file.text(), entry.tls_key_file.text()};
  options.waiting = [log = all_.log](std::string const& method, net::url const& target,
                                     gitlab::retry_pause const& pause) {
    log_retry(log, method, target.to_string(), pause.length, pause.refused);
  };
  if (figures_) {
    options.ended = counts_calls(*figures_, gitlab::short_token(token.reveal()), entry.url);
  }
  return gitlab::api_client(http_, all_.time, std::move(options));
}

logger runner_calls::log_of(config::runner_entry const& entry, secret const& token) const {
  log_fields fields{{"runner", gitlab::short_token(token.reveal())}};
  if (!entry.name.empty()) fields.emplace_back("runner_name", entry.name);
  return all_.log.with(std::move(fields));
}

namespace {

void tell(logger const& log, runner_call call, bool authentication_token,
          gitlab::runner_answer const& answer) {
  auto const line = describe_answer(call, authentication_token, answer.what);
  log_fields fields;
  if (!answer.message.empty()) fields.emplace_back("status", answer.message);
  log.log(line.level, line.text, std::move(fields));
}

}  // namespace

awaitable<gitlab::runner_answer> runner_calls::register_runner(config::runner_entry const& entry,
                                                               gitlab::registration what) {
  auto const log = log_of(entry, what.token);
  auto api = client(entry, what.token);
  auto answer = co_await api.register_runner(std::move(what));
  tell(log, runner_call::register_runner, false, answer);
  co_return answer;
}

awaitable<gitlab::runner_answer> runner_calls::verify(config::runner_entry const& entry) {
  auto api = client(entry, entry.token);
  auto answer = co_await api.verify();
  tell(log_of(entry, entry.token), runner_call::verify,
       gitlab::is_authentication_token(entry.token.reveal()), answer);
  co_return answer;
}

awaitable<gitlab::runner_answer> runner_calls::unregister(config::runner_entry const& entry) {
  bool const made_in_gitlab = gitlab::is_authentication_token(entry.token.reveal());
  auto api = client(entry, entry.token);
  auto answer = co_await api.unregister();
  tell(log_of(entry, entry.token),
       made_in_gitlab ? runner_call::unregister_manager : runner_call::unregister, made_in_gitlab,
       answer);
  co_return answer;
}

awaitable<gitlab::runner_answer> runner_calls::reset_token(config::runner_entry const& entry,
                                                           secret access_token) {
  auto api = client(entry, entry.token);
  gitlab::runner_answer answer;
  if (access_token.empty()) {
    answer = co_await api.reset_token();
  } else {
    answer = co_await api.reset_token(entry.id, std::move(access_token));
  }
  tell(log_of(entry, entry.token), runner_call::reset_token, false, answer);
  co_return answer;
}

}  // namespace corunner
