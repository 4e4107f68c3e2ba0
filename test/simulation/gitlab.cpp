#include "test/simulation/gitlab.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/crc.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <charconv>

namespace corunner::simulation {

using namespace std::chrono_literals;

namespace {

constexpr auto accept_within = 120s;
constexpr auto hold = 50s;
constexpr auto silent_for = 1h;

std::string crc32_of(std::string const& bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return fmt::format("crc32:{:08x}", crc.checksum());
}

std::string text_of(boost::json::object const& from, std::string_view key) {
  auto const* found = from.if_contains(key);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<std::int64_t> job_id_of(std::string_view path) {
  constexpr std::string_view prefix = "/api/v4/jobs/";
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  std::int64_t id = 0;
  auto const [rest, ec] = std::from_chars(path.data(), path.data() + path.size(), id);
  return ec == std::errc() ? std::optional(id) : std::nullopt;
}

}  // namespace

struct gitlab_world::answer {
  int status = 200;
  net::http_fields fields;
  std::string body;
};

gitlab_world::gitlab_world(asio::any_io_executor executor, net::time_source& time, chance& random,
                           weather how, fault_counts& counts)
    : time_(time), random_(random), weather_(how), counts_(counts),
      queue_moved_(std::move(executor)) {}

void gitlab_world::add(simulated_job one) {
  auto const id = one.payload.id;
  jobs_[id].what = std::move(one);
  ++queue_value_;
  queue_moved_.set();
}

void gitlab_world::cancel(std::int64_t id, bool gracefully) {
  auto& at = jobs_.at(id);
  bool const alive = at.now == status::running || at.now == status::assigned;
  if (!alive && at.now != status::queued) return;
  at.cancel_asked = true;
  at.news = time_.now();
  counts_.add(gracefully ? fault::job_canceled_gracefully : fault::job_canceled_at_once);
  at.now = gracefully && at.now == status::running ? status::canceling : status::canceled;
  if (log) log(fmt::format("gitlab: job {} is {}", id, name(at.now)));
}

bool gitlab_world::all_ended() const {
  for (auto const& [id, one] : jobs_) {
    if (one.now != status::success && one.now != status::failed && one.now != status::canceled) {
      return false;
    }
  }
  return true;
}

std::string_view gitlab_world::name(status what) {
  constexpr std::string_view names[] = {"queued",   "assigned", "running", "canceling",
                                        "canceled", "success",  "failed"};
  return names[static_cast<int>(what)];
}

void gitlab_world::breach(std::string text) {
  if (log) log("BREACH: " + text);
  breaches_.push_back(std::move(text));
}

std::optional<gitlab_world::answer> gitlab_world::trouble() {
  if (!random_.percent(weather_.error)) return std::nullopt;
  counts_.add(fault::server_error);
  static std::vector<int> const statuses{500, 502, 503, 429};
  return answer{random_.one_of(statuses), {{"Content-Type", "text/html"}}, "<html>trouble</html>"};
}

awaitable<void> gitlab_world::handle(net::http_exchange& exchange) {
  auto const body = co_await exchange.read_all(4 << 20);
  if (!body) co_return exchange.drop();
  for (auto const& [id, one] : jobs_) {
    if (body->find(one.what.secret) != std::string::npos) {
      breach(
          fmt::format("the secret of job {} left by {} {}", id, exchange.method, exchange.target));
    }
  }
  if (random_.percent(weather_.drop_before)) {
    counts_.add(fault::dropped_request);
    co_return exchange.drop();
  }
  if (random_.percent(weather_.slow)) {
    counts_.add(fault::slow_answer);
    if (co_await time_.sleep_for(std::chrono::seconds(random_.between(1, 20)))) co_return;
  }
  auto reply = trouble();
  if (!reply) reply = co_await serve(exchange, *body);
  if (log) {
    log(fmt::format("{} {} -> {}", exchange.method, exchange.target, reply->status));
  }
  if (random_.percent(weather_.drop_after)) {
    counts_.add(fault::lost_answer);
    co_return exchange.drop();
  }
  co_await exchange.respond(reply->status, std::move(reply->fields), std::move(reply->body));
}

awaitable<gitlab_world::answer> gitlab_world::serve(net::http_exchange& exchange,
                                                    std::string const& body) {
  if (exchange.path.ends_with("/trace")) {
    auto const id = job_id_of(exchange.path);
    co_return patch(jobs_.at(*id), exchange, body);
  }
  boost::system::error_code ec;
  auto const parsed = boost::json::parse(body, ec);
  if (ec || !parsed.is_object()) {
    breach("a body that is no JSON object: " + body);
    co_return answer{400, {}, ""};
  }
  if (exchange.path == "/api/v4/jobs/request") co_return co_await request(parsed.get_object());
  auto const id = job_id_of(exchange.path);
  if (!id || !jobs_.contains(*id) || exchange.method != "PUT") {
    breach("a call that no server knows: " + exchange.method + " " + exchange.target);
    co_return answer{404, {}, ""};
  }
  co_return update(jobs_.at(*id), parsed.get_object());
}

void gitlab_world::sweep() {
  for (auto& [id, one] : jobs_) {
    if (one.now == status::assigned && one.ack_deadline <= time_.now()) {
      one.now = status::queued;
      ++queue_value_;
      queue_moved_.set();
      counts_.add(fault::unaccepted_job_given_again);
    }
    bool const alive = one.now == status::running || one.now == status::canceling;
    if (!alive || time_.now() < one.news + silent_for) continue;
    one.now = status::failed;
    one.failure_reason = "stuck_or_timeout_failure";
    counts_.add(fault::silent_job_ended);
    if (log) log(fmt::format("gitlab: job {} is not heard of any more", id));
  }
}

gitlab_world::job* gitlab_world::next_job() {
  sweep();
  for (auto& [id, one] : jobs_) {
    if (one.now == status::queued) return &one;
  }
  return nullptr;
}

awaitable<gitlab_world::answer> gitlab_world::request(boost::json::object const& body) {
  struct stay {
    attention& at;
    net::time_source& time;
    stay(attention& where, net::time_source& clock) : at(where), time(clock) { ++at.standing; }
    ~stay() {
      --at.standing;
      at.last = time.now();
    }
  } const guard(asked_[text_of(body, "token")], time_);
  co_return co_await hold_request(body);
}

awaitable<gitlab_world::answer> gitlab_world::hold_request(boost::json::object const& body) {
  using namespace asio::experimental::awaitable_operators;
  auto* found = next_job();
  auto const current = std::to_string(queue_value_);
  if (!found && text_of(body, "last_update") == current) {
    ++held_;
    queue_moved_.reset();
    auto const first = co_await (queue_moved_.wait() || time_.sleep_for(hold));
    --held_;
    bool const gone = first.index() == 0 ? bool(std::get<0>(first)) : bool(std::get<1>(first));
    if (gone) co_return answer{204, {}, ""};  // nobody waits for it any more
    found = next_job();
    if (!found) co_return answer{204, {}, ""};
  }
  if (!found) co_return answer{204, {{"X-GitLab-Last-Update", current}}, ""};
  found->now = status::assigned;
  found->ack_deadline = time_.now() + accept_within;
  co_return answer{201,
                   {{"Content-Type", "application/json"}},
                   boost::json::serialize(gitlab::encode_job(found->what.payload))};
}

gitlab_world::answer gitlab_world::update(job& at, boost::json::object const& body) {
  auto const state = text_of(body, "state");
  auto const id = at.what.payload.id;
  sweep();
  at.news = time_.now();
  if (at.now == status::assigned && state == "running") {
    at.now = status::running;
    at.was_running = true;
    return {200, {{"Job-Status", "running"}}, "200"};
  }
  if (at.now == status::assigned && state == "pending") {
    at.ack_deadline = time_.now() + accept_within;
    return {200, {{"Job-Status", "pending"}}, "200"};
  }
  bool const alive = at.now == status::running || at.now == status::canceling;
  if (!alive) {
    if (state == "success" || state == "failed") {
      // The answer to the first final update may have been lost: the same state again is no breach.
      bool const same = name(at.now) == state || at.now == status::canceled;
      if (at.finals > 0 && !same) at.contradicted = true;
    }
    return {403, {{"Job-Status", name(at.now).data()}}, "403"};
  }
  if (state == "running") return {200, {{"Job-Status", std::string(name(at.now))}}, "200"};
  if (state == "pending") return {409, {{"Job-Status", std::string(name(at.now))}}, "409"};
  if (state == "success" || state == "failed") return final_update(at, body, state);
  breach(fmt::format("job {} gets the unknown state '{}'", id, state));
  return {400, {}, ""};
}

gitlab_world::answer gitlab_world::final_update(job& at, boost::json::object const& body,
                                                std::string const& state) {
  auto const id = at.what.payload.id;
  if (random_.percent(weather_.not_yet)) {
    counts_.add(fault::asked_to_wait);
    return {202, {{"X-GitLab-Trace-Update-Interval", "2"}}, "202"};
  }
  auto const& output = body.at("output").as_object();
  auto const* size = output.if_contains("bytesize");
  at.without_checksum = text_of(output, "checksum").empty();
  if (!at.without_checksum && text_of(output, "checksum") != crc32_of(at.log)) {
    breach(fmt::format("job {}: checksum {} of a log with {}", id, text_of(output, "checksum"),
                       crc32_of(at.log)));
  }
  if (size && size->to_number<std::uint64_t>() != at.log.size()) {
    breach(fmt::format("job {}: wrong bytesize", id));
  }
  ++at.finals;
  at.failure_reason = text_of(body, "failure_reason");
  if (auto const* code = body.if_contains("exit_code")) at.exit_code = code->to_number<int>();
  if (at.now == status::canceling) {
    at.now = status::canceled;
  } else {
    at.now = state == "success" ? status::success : status::failed;
  }
  return {200, {{"Job-Status", std::string(name(at.now))}}, "200"};
}

gitlab_world::answer gitlab_world::patch(job& at, net::http_exchange const& exchange,
                                         std::string const& body) {
  if (at.now != status::running && at.now != status::canceling) {
    return {403, {{"Job-Status", std::string(name(at.now))}}, "403"};
  }
  auto const range = std::string(exchange.fields.get("Content-Range"));
  std::uint64_t first = 0;
  std::from_chars(range.data(), range.data() + range.size(), first);
  auto const expected = fmt::format("{}-{}", first, first + body.size() - 1);
  if (range != expected) breach("Content-Range " + range + " of a body that is " + expected);
  if (body.empty() || body.size() > (1u << 20)) breach("a patch of " + std::to_string(body.size()));
  at.news = time_.now();
  bool const unfair = first == at.log.size() && random_.percent(weather_.wrong_range);
  if (unfair) counts_.add(fault::wrong_range);
  if (first != at.log.size() || unfair) {
    return {416, {{"Range", fmt::format("0-{}", at.log.size())}}, ""};
  }
  at.log += body;
  return {202,
          {{"Range", fmt::format("0-{}", at.log.size())}, {"Job-Status", std::string(name(at.now))},
           {"X-GitLab-Trace-Update-Interval", std::to_string(random_.between(1, 30))}},
          "202"};
}

}  // namespace corunner::simulation
