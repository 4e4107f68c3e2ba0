#include "runner/manager/runner_entries.hpp"

#include "config/file.hpp"
#include "runner/gitlab/short_token.hpp"
#include "runner/job/feature_flags.hpp"
#include "runner/manager/job_figures.hpp"
#include "runner/observe/retry_log.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <string>

namespace corunner {

using namespace std::chrono_literals;

namespace {

constexpr auto default_check_interval = 3s;

using identity = std::pair<std::string, std::string>;

identity identity_of(config::runner_entry const& what) { return {what.url, what.token.reveal()}; }

std::string text_of(config::runner_entry const& what) {
  config::configuration alone;
  alone.runners.push_back(what);
  return config::encode(alone);
}

bool blank(std::string const& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

unsigned at_least(std::int64_t least, std::int64_t given) {
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  return static_cast<unsigned>(std::clamp(given, least, most));
}

// Nothing unless one of the two keys is set.
std::optional<entry_health::pause> pause_of(config::runner_entry const& from) {
  if (from.unhealthy_requests_limit < 1 && !from.unhealthy_interval) return std::nullopt;
  entry_health::pause out;
  if (from.unhealthy_requests_limit > 0) out.refusals = at_least(1, from.unhealthy_requests_limit);
  if (from.unhealthy_interval) out.length = *from.unhealthy_interval;
  return out;
}


bool same_files(config::runner_entry const& one, config::runner_entry const& other) {
  return one.tls_ca_file == other.tls_ca_file && one.tls_cert_file == other.tls_cert_file &&
         one.tls_key_file == other.tls_key_file;
}

// What the server is told about the entry.
bool same_info(config::runner_entry const& one, config::runner_entry const& other) {
  return one.executor == other.executor && one.shell == other.shell && one.labels == other.labels;
}

// The runner's to decide, not the job's (protocol.md 10).
bool wants_full_chain(config::runner_entry const& one) {
  return runner_flag(one.feature_flags.or_empty(), "FF_RESOLVE_FULL_TLS_CHAIN");
}

}  // namespace

unsigned slots_of(config::configuration const& from) { return at_least(0, from.concurrent); }

poll_plan::entry_settings settings_of(config::runner_entry const& from) {
  return {.token = from.token.reveal(),
          .limit = at_least(0, from.limit),
          .strict_check_interval = from.strict_check_interval.value_or(false),
          .request_concurrency = at_least(1, from.request_concurrency),
          .adapt_requests =
              runner_flag(from.feature_flags.or_empty(), "FF_USE_ADAPTIVE_REQUEST_CONCURRENCY"),
          .pause_after_refusals = pause_of(from)};
}

net::time_source::duration check_interval_of(config::configuration const& from) {
  return from.check_interval > 0 ? std::chrono::seconds(from.check_interval)
                                 : default_check_interval;
}

entry_matches match_entries(std::vector<config::runner_entry const*> const& before,
                            std::vector<config::runner_entry> const& after) {
  std::map<identity, std::deque<std::size_t>> known;
  for (std::size_t i = 0; i < before.size(); ++i) known[identity_of(*before[i])].push_back(i);
  entry_matches out;
  for (std::size_t i = 0; i < after.size(); ++i) {
    auto const found = known.find(identity_of(after[i]));
    if (found == known.end() || found->second.empty()) {
      out.added.push_back(i);
      continue;
    }
    out.kept.emplace_back(found->second.front(), i);
    found->second.pop_front();
  }
  for (auto const& [key, left] : known) {
    out.removed.insert(out.removed.end(), left.begin(), left.end());
  }
  return out;
}

bool same_settings(config::runner_entry const& one, config::runner_entry const& other) {
  return text_of(one) == text_of(other);
}

std::vector<config::runner_entry> manager::usable(std::vector<config::runner_entry> given) const {
  std::erase_if(given, [this](config::runner_entry const& one) {
    if (!blank(one.token.reveal())) return false;
    services_.log.warning("Runner token is empty or whitespace; this runner will be skipped",
                          {{"runner_name", one.name}});
    return true;
  });
  return given;
}

gitlab::runner_info manager::info_of(config::runner_entry const& what) const {
  auto info = gitlab::local_runner_info(what.executor, what.shell);
  info.version = options_.identity.version;
  info.revision = options_.identity.revision;
  info.labels = configuration_.labels;
  for (auto const& [key, value] : what.labels.or_empty()) info.labels[key] = value;
  return info;
}

bool manager::has_executor(std::string const& name) const {
  return services_.make_executor(name) != nullptr;
}

manager::entry_names manager::names_of(config::runner_entry const& of) {
  return {gitlab::short_token(of.token.reveal()), of.name};
}

// Its counters are there from now on.
void manager::show_figures(config::runner_entry const& of) {
  auto const [token, name] = names_of(of);
  figures_.runner(token, name);
}

std::shared_ptr<gitlab::api_client> manager::make_client(config::runner_entry const& for_whom) {
  gitlab::api_options how;
  how.url = for_whom.url;
  how.token = for_whom.token;
  how.system_id = options_.identity.system_id;
  how.info = info_of(for_whom);
  how.tls = {for_whom.tls_ca_file.text(), for_whom.tls_cert_file.text(),
             for_whom.tls_key_file.text()};
  how.seed = options_.seed + std::hash<std::string>()(for_whom.token.reveal());
  how.waiting = [log = services_.log](std::string const& method, net::url const& target,
                                      gitlab::retry_pause const& pause) {
    log_retry(log, method, target.to_string(), pause.length, pause.refused);
  };
  how.full_chain = wants_full_chain(for_whom);
  how.incomplete_chain = [log = services_.log](std::string const& trouble) {
    log.warning("The certificate chain for jobs is not complete", {{"error", trouble}});
  };
  how.ended = counts_calls(figures_, names_of(for_whom).first, for_whom.url);
  return std::make_shared<gitlab::api_client>(services_.http, services_.time, std::move(how));
}

void manager::add(std::vector<config::runner_entry> given) {
  // First polls are spread over one interval, so that a thousand entries do not come as one burst.
  auto const gap = check_interval_of(configuration_) / std::max<long>(1, std::ssize(given));
  auto first = services_.time.now();
  for (config::runner_entry& one : given) {
    auto const id = plan_.add(settings_of(one), first);
    first += gap;
    auto client = make_client(one);
    bool const knows = has_executor(one.executor);
    show_figures(one);
    if (entries_.size() <= id) entries_.resize(id + 1);
    entries_[id] = std::make_shared<entry>(
        entry{.runner = std::make_shared<config::runner_entry const>(std::move(one)),
              .api = std::move(client),
              .has_executor = knows,
              .give_up = {}});
  }
}

// Jobs and the poll under way go on with the client that they have; a copy knows what it was told.
void manager::change(entry& at, config::runner_entry to, bool other_labels) {
  if (!same_files(*at.runner, to)) {
    at.api = make_client(to);
  } else if (other_labels || !same_info(*at.runner, to) ||
             wants_full_chain(*at.runner) != wants_full_chain(to)) {
    at.api = std::make_shared<gitlab::api_client>(*at.api);
    at.api->set_info(info_of(to));
    at.api->set_full_chain(wants_full_chain(to));
  }
  at.has_executor = has_executor(to.executor);
  show_figures(to);
  at.runner = std::make_shared<config::runner_entry const>(std::move(to));
}

reconfigured manager::compare_with(std::vector<config::runner_entry> given, bool other_labels) {
  std::vector<poll_plan::entry_id> ids;
  std::vector<config::runner_entry const*> before;
  for (std::size_t id = 0; id < entries_.size(); ++id) {
    if (!entries_[id]) continue;
    ids.push_back(id);
    before.push_back(entries_[id]->runner.get());
  }
  auto const matches = match_entries(before, given);
  reconfigured what{.added = matches.added.size(), .removed = matches.removed.size()};
  for (auto const& [old_place, new_place] : matches.kept) {
    auto& at = *entries_[ids[old_place]];
    bool const same = same_settings(*at.runner, given[new_place]);
    if (same && !other_labels) continue;
    if (!same) ++what.changed;
    plan_.update(ids[old_place], settings_of(given[new_place]));
    change(at, std::move(given[new_place]), other_labels);
  }
  for (auto const place : matches.removed) {
    auto const gone = std::exchange(entries_[ids[place]], nullptr);
    gone_[names_of(*gone->runner)].add_counts(
        plan_.figures_of(ids[place], services_.time.now()));
    plan_.remove(ids[place]);
    for (auto& [number, event] : gone->give_up) event.set();
  }
  std::vector<config::runner_entry> fresh;
  for (auto const place : matches.added) fresh.push_back(std::move(given[place]));
  add(std::move(fresh));
  return what;
}

reconfigured manager::reconfigure(config::configuration next) {
  if (phase_ != phase::running) return {};
  auto given = std::exchange(next.runners, {});
  bool const other_labels = next.labels != configuration_.labels;
  configuration_ = std::move(next);
  if (configuration_.connection_max_age) {
    services_.http.set_connection_max_age(
        std::chrono::duration_cast<std::chrono::milliseconds>(*configuration_.connection_max_age));
  }
  plan_.set_concurrent(slots_of(configuration_));
  figures_.slots(plan_.concurrent());
  plan_.set_check_interval(check_interval_of(configuration_), services_.time.now());
  if (!started_) {
    configuration_.runners = std::move(given);
    return {};
  }
  auto const what = compare_with(usable(std::move(given)), other_labels);
  // Whatever kept an entry from asking may have been put right.
  plan_.forgive(services_.time.now());
  start_waiting();
  changed_.set();
  return what;
}

config::runner_entry with_token(config::runner_entry entry, renewed_token const& what) {
  entry.token = what.after;
  entry.token_obtained_at = what.obtained_at;
  entry.token_expires_at = what.expires_at;
  return entry;
}

void manager::change_token(renewed_token const& what) {
  for (auto const& at : entries_) {
    if (!at || at->runner->url != what.url || at->runner->token != what.before) continue;
    auto next = with_token(*at->runner, what);
    show_figures(next);
    at->api = make_client(next);
    at->runner = std::make_shared<config::runner_entry const>(std::move(next));
    for (auto& [number, event] : at->give_up) event.set();
    show_figures(*at->runner);
  }
  plan_.change_token(what.before.reveal(), what.after.reveal());
  changed_.set();
}

void manager::forgive() {
  plan_.forgive(services_.time.now());
  changed_.set();
}

}  // namespace corunner
