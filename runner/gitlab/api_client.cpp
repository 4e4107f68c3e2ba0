#include "runner/gitlab/api_client.hpp"

#include "net/error.hpp"
#include "runner/gitlab/answer_text.hpp"
#include "runner/gitlab/api_call.hpp"
#include "runner/gitlab/tls_files.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <optional>
#include <random>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace corunner::gitlab {

namespace {

// A random UUID (version 4) without its dashes. From the kernel: making a std::random_device asks
// what the processor can do, which traps in a virtual machine (15 % of the CPU of a poll).
std::string new_request_id() {
  std::array<std::uint64_t, 2> words{};
  if (::getentropy(words.data(), sizeof words) != 0) {
    throw std::system_error(errno, std::generic_category());
  }
  auto const high = (words[0] & ~0xF000ull) | 0x4000ull;
  auto const low = (words[1] & ~(0x3ull << 62)) | (0x2ull << 62);
  return fmt::format("{:016x}{:016x}", high, low);
}

}  // namespace

result<net::url> api_base(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with("/ci")) url.remove_suffix(3);
  auto parsed = net::parse_url(url);
  if (!parsed) return parsed.error();
  while (parsed->path.ends_with('/')) parsed->path.pop_back();
  parsed->path += "/api/v4/";
  parsed->query.clear();
  return parsed;
}

api_client::api_client(net::http_client& http, net::time_source& time, api_options options)
    : http_(http), time_(time), options_(std::move(options)), base_(api_base(options_.url)) {
  auto const directory = options_.certificate_directory.empty() ? default_certificate_directory()
                                                                : options_.certificate_directory;
  options_.tls = tls_files(options_.url, std::move(options_.tls), directory);
  stamps_ = net::stamps_of(options_.tls);
}

// Connections that were made with other files must not serve the next call.
void api_client::notice_changed_files() {
  auto const now = net::stamps_of(options_.tls);
  if (std::exchange(stamps_, now) != now) http_.close_idle();
}

void api_client::set_info(runner_info info) { options_.info = std::move(info); }

api_client::call api_client::call::with_json(std::string method, std::string path,
                                             boost::json::object const& body) {
  call out;
  out.method = std::move(method);
  out.path = std::move(path);
  out.fields.set("Content-Type", "application/json");
  out.body = net::http_body::of(boost::json::serialize(body));
  return out;
}

api_client::call api_client::call::for_json(std::string method, std::string path,
                                            boost::json::object const& body) {
  auto out = with_json(std::move(method), std::move(path), body);
  out.fields.set("Accept", "application/json");
  return out;
}

void api_client::call::authorize(std::string_view field, secret const& token) {
  if (!token.empty()) fields.set(field, token.reveal());
}

std::string api_client::reply::message() const {
  if (status < 0) return failure;
  return answer_text(method, target, status, field("Content-Type"), body);
}

void api_client::reply::fail(std::string reason) {
  status = transport_failed;
  failure = transport_text(method, target, reason);
}

net::http_request api_client::make_request(call const& what, std::string const& request_id) const {
  net::http_request out;
  out.method = what.method;
  out.target = *base_;
  out.target.path += what.path.substr(0, what.path.find('?'));
  if (auto const query = what.path.find('?'); query != std::string::npos) {
    out.target.query = what.path.substr(query + 1);
  }
  out.fields = what.fields;
  out.fields.set("X-Request-Id", request_id);
  out.body = what.body;
  out.tls = options_.tls;
  if (what.answer_within) out.deadlines.response_header = *what.answer_within;
  return out;
}

std::uint64_t api_client::jitter_seed() {
  return options_.seed == 0 ? std::random_device{}() : options_.seed++;
}

// Sends until there is an answer that no repetition would better.
awaitable<api_client::reply> api_client::open(call what) {
  reply out;
  out.method = what.method;
  if (!base_) {
    out.status = url_unusable;
    out.failure = fmt::format("cannot use url '{}': {}", options_.url, base_.error().message());
    co_return out;
  }
  notice_changed_files();
  auto const request_id = new_request_id();
  std::string explanation;
  out.correlation_id = request_id;
  std::optional<net::back_off> pauses;  // made when needed: its seed takes longer than all the rest
  for (int attempt = 1;; ++attempt) {
    auto request = make_request(what, request_id);
    out.target = request.target;
    request.explanation = &explanation;
    ++out.attempts;
    auto sent = co_await http_.send(std::move(request));
    if (!sent) {
      out.cancelled = sent.error() == asio::error::operation_aborted;
      out.fail(explanation.empty() ? sent.error().message() : explanation);
      co_return out;
    }
    out.response = std::move(*sent);
    out.status = out.response.status;
    out.correlation_id = std::string(out.response.fields.get("X-Request-Id", request_id));
    if (!is_retriable(out.status) || (what.only_once && !did_nothing(out.status))) break;
    out.retried = true;
    if (attempt == most_attempts) break;
    if (!pauses) pauses.emplace(net::back_off::options{}, jitter_seed());
    auto const pause = pause_before_retry(out.response.fields, time_.wall_now(), *pauses);
    if (pause.length > what.longest_pause) break;
    // Read away, so that the connection serves the next attempt; a failure shows there.
    co_await out.response.read_all(largest_error);
    if (options_.waiting) options_.waiting(out.method, out.target, pause);
    if (error_code const stopped = co_await time_.sleep_for(pause.length)) {
      out.cancelled = true;
      out.fail(stopped.message());
      co_return out;
    }
  }
  co_return out;
}

void api_client::report(call_report::kind what, reply const& from,
                        net::time_source::time_point began) const {
  if (!options_.ended || from.attempts == 0 || from.cancelled) return;
  options_.ended({what, from.status, from.attempts, time_.now() - began});
}

awaitable<api_client::reply> api_client::perform(call what) {
  auto out = co_await open(std::move(what));
  if (out.status < 0) co_return out;
  bool const good = out.status / 100 == 2;
  auto body = co_await out.response.read_all(good ? largest_answer : largest_error);
  if (body) {
    out.body = std::move(*body);
  } else if (good) {
    out.cancelled = body.error() == asio::error::operation_aborted;
    out.fail(body.error().message());
  }
  co_return out;
}

awaitable<api_client::json_reply> api_client::perform_json(call what, int expected) {
  json_reply out;
  out.answer = co_await perform(std::move(what));
  auto& answer = out.answer;
  if (answer.status == expected) {
    auto const type = media_type(answer.field("Content-Type"));
    if (type != "application/json") {
      answer.fail(fmt::format("expected application/json, found '{}'", type));
      co_return out;
    }
    boost::json::parse_options how;
    how.max_depth = 128;
    error_code broken;
    auto tree = boost::json::parse(answer.body, broken, {}, how);
    if (broken) {
      answer.fail(fmt::format("the answer is not JSON: {}", broken.message()));
      co_return out;
    }
    out.tree = std::move(tree);
  }
  if (answer.status >= 0) {
    auto const last_update = answer.field("X-GitLab-Last-Update");
    if (!last_update.empty()) last_update_ = std::string(last_update);
  }
  co_return out;
}

}  // namespace corunner::gitlab
