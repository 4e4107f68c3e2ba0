#include "runner/command/config_reload.hpp"

#include "runner/command/log_settings.hpp"
#include "runner/command/polling_notice.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/ranges.h>

#include <utility>

namespace corunner {

namespace {

bool blank(std::string const& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

struct global_key {
  char const* name;
  bool (*differs)(config::configuration const& one, config::configuration const& other);
};

#define CORUNNER_GLOBAL_KEY(KEY) \
  global_key{#KEY, [](config::configuration const& one, config::configuration const& other) { \
               return one.KEY != other.KEY; \
             }}

constexpr global_key global_keys[] = {
    CORUNNER_GLOBAL_KEY(listen_address),
    CORUNNER_GLOBAL_KEY(concurrent),
    CORUNNER_GLOBAL_KEY(check_interval),
    CORUNNER_GLOBAL_KEY(log_level),
    CORUNNER_GLOBAL_KEY(log_format),
    CORUNNER_GLOBAL_KEY(connection_max_age),
    CORUNNER_GLOBAL_KEY(shutdown_timeout),
    CORUNNER_GLOBAL_KEY(labels),
};

#undef CORUNNER_GLOBAL_KEY

// How long a file may be missing or empty because it is being replaced.
constexpr auto time_to_write = std::chrono::seconds(1);

}  // namespace

std::vector<std::string> changed_keys(config::configuration const& before,
                                      config::configuration const& after) {
  std::vector<std::string> changed;
  for (auto const& key : global_keys) {
    if (key.differs(before, after)) changed.emplace_back(key.name);
  }
  return changed;
}

config_reload::config_reload(services& all, manager& jobs, options how,
                             config::configuration running, std::size_t fingerprint)
    : all_(all),
      jobs_(jobs),
      how_(std::move(how)),
      running_(std::move(running)),
      fingerprint_(fingerprint),
      asked_(all.io.get_executor()) {
  standing_.loads = 1;
  standing_.loaded_at = all_.time.wall_now();
}

void config_reload::now() { asked_.set(); }

awaitable<void> config_reload::run() {
  using namespace asio::experimental::awaitable_operators;
  net::file_watch::options how;
  how.warn = [this](std::string const& why) {
    all_.log.warning(
        "cannot be told of changes of the configuration file, looking every 3 s instead",
        {{"error", why}});
  };
  auto const watch = net::watch_file(all_.io.get_executor(), all_.time, how_.file, how);
  bool again = look(false, false);  // it may have changed since the start
  while (true) {
    auto const until =
        again ? all_.time.now() + time_to_write : net::time_source::time_point::max();
    auto const first = co_await (watch->changed() || asked_.wait() || all_.time.sleep_until(until));
    auto const ec = std::visit([](error_code const& end) { return end; }, first);
    if (ec) co_return;
    bool const asked = asked_.is_set();
    asked_.reset();
    again = look(asked, first.index() == 2);
  }
}

bool config_reload::look(bool asked, bool second) {
  if (jobs_.stopping()) return false;
  auto const text = config::read_file(how_.file);
  bool const at_work = text && (text->missing || blank(text->bytes));
  if (at_work && !asked && !second && fingerprint_of(*text) != refused_) return true;
  judge(text, asked);
  return false;
}

void config_reload::judge(config::outcome<config::file_text> const& text, bool asked) {
  if (!text) return refuse("decoding configuration file: " + text.error().message, 1, asked, true);
  auto const print = fingerprint_of(*text);
  if (print == refused_ && !asked) return;
  if (text->missing) {
    return refuse("stat " + how_.file.string() + ": no such file or directory", print, asked,
                  false);
  }
  if (print == fingerprint_) return already_running(asked);
  if (blank(text->bytes)) return refuse(how_.file.string() + " is empty", print, asked, false);
  config::inspection found{.strict = how_.strict, .problems = {}};
  auto next = config::load_text(text->bytes, how_.file, all_.variables, &found);
  if (!next) return refuse(next.error().message, print, asked, true);
  if (auto const why = check_log_settings(*next)) {
    return refuse(why->message, print, asked, false);
  }
  for (auto const& line : config::describe_briefly(found.problems, how_.file.string())) {
    all_.log.warning(line);
  }
  take(std::move(*next), print);
}

void config_reload::refuse(std::string why, std::size_t fingerprint, bool asked, bool counts) {
  if (counts) ++standing_.errors;
  if (standing_.trouble.empty()) standing_.trouble_since = all_.time.wall_now();
  // A file that cannot be read has no content to tell it by.
  if (!asked && refused_ == fingerprint && standing_.trouble == why) return;
  refused_ = fingerprint;
  standing_.trouble = why;
  all_.log.error("Failed to load config " + why + "; the running configuration is kept",
                 {{"builds", jobs_.running_jobs()}, {"max_builds", running_.concurrent}});
}

void config_reload::already_running(bool asked) {
  bool const was_in_trouble = !standing_.trouble.empty();
  standing_.trouble.clear();
  refused_.reset();
  // Who touches the file wants something to happen.
  jobs_.forgive();
  if (asked) {
    ++standing_.loads;
    standing_.loaded_at = all_.time.wall_now();
  }
  if (asked || was_in_trouble) report({}, {});
}

void config_reload::take(config::configuration next, std::size_t fingerprint) {
  fingerprint_ = fingerprint;
  refused_.reset();
  ++standing_.loads;
  standing_.loaded_at = all_.time.wall_now();
  standing_.trouble.clear();
  auto const keys = changed_keys(running_, next);
  auto const notice = polling_notice(next);
  apply_log_settings(all_, next);
  auto runners = std::exchange(next.runners, {});
  running_ = next;
  next.runners = std::move(runners);
  auto const entries = jobs_.reconfigure(std::move(next));
  report(keys, entries);
  if (!notice.empty()) all_.log.info(notice);
  if (how_.also) how_.also(running_);
}

void config_reload::report(std::vector<std::string> const& keys,
                           reconfigured const& entries) const {
  log_fields fields{{"builds", jobs_.running_jobs()}, {"max_builds", running_.concurrent}};
  if (!keys.empty()) fields.emplace_back("changed_keys", fmt::format("{}", fmt::join(keys, ",")));
  if (entries.added > 0) fields.emplace_back("runners_added", entries.added);
  if (entries.changed > 0) fields.emplace_back("runners_changed", entries.changed);
  if (entries.removed > 0) fields.emplace_back("runners_removed", entries.removed);
  all_.log.info("Configuration loaded", std::move(fields));
}

}  // namespace corunner
