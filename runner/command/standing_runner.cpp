#include "runner/command/standing_runner.hpp"

#include "runner/command/server_list.hpp"

#include <fmt/format.h>

namespace corunner {

namespace {

bool is_wanted(config::runner_entry const& each, config::runner_entry const& wanted) {
  bool const same_token = !wanted.token.empty() && each.token == wanted.token;
  return same_server(each.url, wanted.url) && (each.name == wanted.name || same_token);
}

}  // namespace

awaitable<standing_runner> find_standing(runner_calls& calls, logger const& log,
                                         config::runner_entry const& wanted,
                                         std::vector<config::runner_entry>& runners) {
  using kind = gitlab::runner_answer::kind;
  standing_runner out;
  for (auto at = runners.begin(); at != runners.end();) {
    if (!is_wanted(*at, wanted)) {
      ++at;
      continue;
    }
    auto const answer = co_await calls.verify(*at);
    if (answer.what == kind::ok) {
      log.info(fmt::format("Runner '{}' is registered already: nothing to do", at->name));
      out.stands = true;
      co_return out;
    }
    if (answer.what != kind::forbidden) {
      out.trouble = fmt::format(
          "cannot tell whether runner '{}' is still registered: nothing was done", at->name);
      co_return out;
    }
    log.warning(
        fmt::format("GitLab does not know runner '{}' any more: it is registered anew", at->name));
    at = runners.erase(at);
  }
  co_return out;
}

void warn_of_limits(logger const& log, config::runner_entry const& entry, std::int64_t concurrent) {
  auto const warn = [&](std::string_view what, std::int64_t value) {
    if (value <= concurrent) return;
    log.warning(fmt::format("The specified runner {} ({}) is larger than current global "
                            "concurrency limit ({}). The global concurrent limit will not be "
                            "increased and takes precedence.",
                            what, value, concurrent));
  };
  warn("job concurrency limit", entry.limit);
  warn("request concurrency", entry.request_concurrency);
}

}  // namespace corunner
