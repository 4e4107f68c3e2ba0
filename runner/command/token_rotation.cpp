#include "runner/command/token_rotation.hpp"

#include "config/file.hpp"
#include "runner/gitlab/short_token.hpp"
#include "runner/job/feature_flags.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace corunner {

using namespace std::chrono_literals;

namespace {

using wall_time = net::time_source::wall_time;

constexpr net::back_off::options after_refusal{10s, 1h, 2.0, true};
constexpr auto save_again_after = 30s;
// The clock of the wall may be set, and stands still in no sleep of ours.
constexpr auto longest_wait = std::chrono::hours(1);
constexpr auto answer_within = 1min;

bool is_disabled(config::runner_entry const& entry) {
  return runner_flag(entry.feature_flags.or_empty(), "FF_DISABLE_AUTOMATIC_TOKEN_ROTATION");
}

awaitable<void> ask(runner_calls& calls, config::runner_entry const& entry,
                    std::optional<gitlab::runner_answer>& into) {
  try {
    into = co_await calls.reset_token(entry, secret());
  } catch (boost::system::system_error const&) {
    // Cancelled: it took too long.
  }
}

}  // namespace

std::optional<wall_time> renewal_due(config::runner_entry const& of) {
  if (!of.token_expires_at) return std::nullopt;
  if (!of.token_obtained_at) return wall_time{};
  return *of.token_obtained_at + (*of.token_expires_at - *of.token_obtained_at) / 4 * 3;
}

token_rotation::token_rotation(services& all, manager& jobs, config_reload& reload, options how)
    : all_(all),
      jobs_(jobs),
      reload_(reload),
      how_(std::move(how)),
      calls_(all, how_.system_id),
      changed_(all.io.get_executor()) {
  calls_.count_in(jobs_.figures());
}

std::optional<token_rotation::due_entry> token_rotation::first_due() const {
  std::optional<due_entry> first;
  jobs_.each_entry([&](config::runner_entry const& entry) {
    auto due = renewal_due(entry);
    if (!due || warned_.contains(entry.token.reveal())) return;
    if (auto const bad = troubles_.find(entry.token.reveal()); bad != troubles_.end()) {
      due = std::max(*due, bad->second.not_before);
    }
    if (!first || *due < first->when) first = due_entry{entry, *due};
  });
  return first;
}

// False when we were cancelled.
awaitable<bool> token_rotation::wait_until(std::optional<wall_time> when) {
  using namespace asio::experimental::awaitable_operators;
  if (!when) co_return !co_await changed_.wait();
  auto const left = std::clamp<net::time_source::duration>(
      std::chrono::ceil<std::chrono::milliseconds>(*when - all_.time.wall_now()), 0s, longest_wait);
  auto const first = co_await (changed_.wait() || all_.time.sleep_for(left));
  co_return first.index() == 0 ? !std::get<0>(first) : !std::get<1>(first);
}

awaitable<void> token_rotation::run() {
  while (true) {
    changed_.reset();
    save_all();
    auto const first = first_due();
    auto const now = all_.time.wall_now();
    if (first && first->when <= now) {
      if (is_disabled(first->entry)) {
        warn_instead(first->entry);
        continue;
      }
      // The server must not be left with a token that nobody has noted.
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      co_await renew(first->entry);
      co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
      if (jobs_.stopping()) break;
      continue;
    }
    std::optional<wall_time> wake;
    if (first) wake = first->when;
    if (!unsaved_.empty()) wake = std::min(wake.value_or(wall_time::max()), now + save_again_after);
    if (!co_await wait_until(wake)) break;
  }
}

void token_rotation::warn_instead(config::runner_entry const& entry) {
  warned_.insert(entry.token.reveal());
  all_.log.warning("Automatic token rotation is disabled for runner: " +
                   gitlab::short_token(entry.token.reveal()) + "-" + how_.system_id +
                   ". Your token is about to expire");
}

void token_rotation::ask_later(secret const& token) {
  auto& bad =
      troubles_.try_emplace(token.reveal(), trouble{net::back_off(after_refusal), wall_time{}})
          .first->second;
  bad.not_before = all_.time.wall_now() + bad.pauses.next();
}

// Whether the file can be replaced or at least written. The server is not asked for a token that
// would be lost with this process.
bool token_rotation::can_save() const {
  auto const directory = how_.file.has_parent_path() ? how_.file.parent_path() : ".";
  return ::access(how_.file.c_str(), W_OK) == 0 || ::access(directory.c_str(), W_OK) == 0;
}

awaitable<void> token_rotation::renew(config::runner_entry entry) {
  using namespace asio::experimental::awaitable_operators;
  if (!can_save()) {
    all_.log.error("cannot renew the token of '" + entry.name + "': '" + how_.file.string() +
                   "' cannot be written, and the new one must be kept");
    co_return ask_later(entry.token);
  }
  std::optional<gitlab::runner_answer> answer;
  co_await (ask(calls_, entry, answer) || all_.time.sleep_for(answer_within));
  bool const renewed = answer && answer->what == gitlab::runner_answer::kind::ok &&
                       !answer->runner.token.empty();
  if (!renewed) co_return ask_later(entry.token);
  troubles_.erase(entry.token.reveal());
  renewed_token const what{.url = entry.url,
                           .before = entry.token,
                           .after = answer->runner.token,
                           .obtained_at = all_.time.wall_now(),
                           .expires_at = answer->runner.token_expires_at};
  // One that is due at once, too, must not keep us busy.
  if (auto const next = renewal_due(with_token(entry, what)); next && *next <= what.obtained_at) {
    ask_later(what.after);
  }
  unsaved_.push_back(what);
  jobs_.change_token(what);
  save_all();
}

std::optional<config::failure> token_rotation::save(renewed_token const& what) const {
  auto values = config::load_file(how_.file, all_.variables);
  if (!values) return values.error();
  for (auto& entry : values->runners) {
    if (entry.url != what.url || entry.token != what.before) continue;
    entry = with_token(std::move(entry), what);
  }
  return config::save_file(*values, how_.file);
}

void token_rotation::save_all() {
  if (unsaved_.empty()) return;
  std::erase_if(unsaved_, [this](renewed_token const& each) {
    auto const why = save(each);
    ++(why ? saved_.failed : saved_.done);
    if (why) {
      all_.log.error("cannot save a renewed token, trying again: should this process end, the "
                     "entry is lost",
                     {{"error", why->message}});
    }
    return !why;
  });
  if (unsaved_.empty()) reload_.look_now();
}

}  // namespace corunner
