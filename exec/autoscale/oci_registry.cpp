#include "exec/autoscale/oci_registry.hpp"

#include "exec/autoscale/content_digest.hpp"
#include "net/error.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace corunner::exec {

namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr int most_tries = 3;
constexpr std::size_t document_limit = 4 << 20;
constexpr std::size_t refusal_limit = 64 << 10;
constexpr std::size_t piece = 256 << 10;
constexpr std::string_view documents =
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

net::http_deadlines deadlines_of(bool large) {
  net::http_deadlines out;
  out.response_header = 60s;
  out.idle = 60s;
  out.total = large ? std::chrono::milliseconds(30min) : std::chrono::milliseconds(2min);
  return out;
}

bool is_passing(error_code const& ec) {
  return ec == asio::error::eof || ec == asio::error::connection_reset ||
         ec == asio::error::broken_pipe || ec == asio::error::timed_out ||
         ec == net::errc::incomplete_body || ec == net::errc::response_timeout;
}

// What a handshake comes to with a peer that answers in plain text; not that its certificate is a
// bad one.
bool speaks_no_tls(error_code const& ec) {
  return ec == net::errc::tls_failed || ec == asio::error::eof ||
         ec == asio::error::connection_reset || std::string_view(ec.category().name()) == "tls";
}

std::string lower_begin(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

// The text of the first of a registry's errors, on one line; empty: it gives none.
std::string error_text(std::string_view body) {
  error_code broken;
  auto const tree = json::parse(body, broken);
  auto const* const members = broken ? nullptr : tree.if_object();
  auto const* const errors = members ? members->if_contains("errors") : nullptr;
  auto const* const list = errors ? errors->if_array() : nullptr;
  auto const* const first = list && !list->empty() ? list->front().if_object() : nullptr;
  auto const* const message = first ? first->if_contains("message") : nullptr;
  if (!message || !message->is_string()) return {};
  std::string out(message->get_string().subview(0, 200));
  std::ranges::replace_if(out, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return out;
}

}  // namespace

bool is_passing(int status) {
  return status == 429 || status == 500 || (status >= 502 && status <= 504);
}

bool is_loopback_registry(std::string_view host) {
  if (host.starts_with("[::1]")) return true;
  host = host.substr(0, host.find(':'));
  return host == "localhost" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

oci_registry::oci_registry(net::http_client& http, net::time_source& time, std::string host,
                           std::optional<registry_login> login)
    : http_(http),
      time_(time),
      host_(std::move(host)),
      login_(std::move(login)),
      scheme_("https"),
      may_be_plain_(is_loopback_registry(host_)) {}

std::string oci_registry::who() const {
  if (!login_) return "anybody";
  return login_->user.empty() ? "the stored identity token"
                              : fmt::format("user '{}'", login_->user);
}

awaitable<config::outcome<std::string>> oci_registry::manifest(std::string repository,
                                                               std::string reference) {
  wish const wanted{repository, "manifests/" + reference, std::string(documents)};
  auto got = co_await get(wanted);
  if (!got.response) co_return config::failure{got.failure};
  auto const text = co_await got.response->read_all(document_limit);
  if (!text) {
    co_return config::failure{fmt::format("registry '{}' did not send all of '{}:{}': {}", host_,
                                          repository, reference,
                                          lower_begin(text.error().message()))};
  }
  if (is_content_digest(reference) && digest_of(*text) != reference) {
    co_return config::failure{fmt::format("registry '{}' sent something else for {} of '{}'", host_,
                                          reference, repository)};
  }
  co_return *text;
}

awaitable<std::string> oci_registry::blob(std::string repository, oci_descriptor what,
                                          blob_sink& into) {
  wish const wanted{repository, "blobs/" + what.digest, "application/octet-stream", true};
  for (int tries = 1;; ++tries) {
    auto got = co_await get(wanted);
    if (!got.response) co_return got.failure;
    auto const written = co_await write_to(*got.response, what, into);
    if (!written.passing || tries == most_tries) co_return written.failure;
  }
}

awaitable<oci_registry::reply> oci_registry::write_to(net::http_response& from,
                                                      oci_descriptor const& what, blob_sink& into) {
  reply out;
  std::uint64_t size = 0;
  std::string buffer(piece, '\0');
  out.failure = co_await into.begin();
  while (out.failure.empty()) {
    auto const got = co_await from.read_some(asio::buffer(buffer));
    if (!got) {
      out.passing = is_passing(got.error());
      out.failure = fmt::format("registry '{}' did not send all of {}: {}", host_, what.digest,
                                lower_begin(got.error().message()));
      co_return out;
    }
    if (*got == 0) break;
    auto const bytes = std::string_view(buffer).substr(0, *got);
    size += bytes.size();
    if (size > what.size) break;
    out.failure = co_await into.write(bytes);
  }
  if (out.failure.empty() && (size != what.size || into.digest() != what.digest)) {
    out.failure = fmt::format("registry '{}' sent something else for {}", host_, what.digest);
  }
  co_return out;
}

awaitable<oci_registry::reply> oci_registry::get(wish what) {
  for (int tries = 1;; ++tries) {
    auto got = co_await get_once(what);
    if (got.response || !got.passing || tries == most_tries) co_return got;
    if (co_await time_.sleep_for(std::chrono::seconds(tries * tries))) co_return got;
  }
}

awaitable<oci_registry::reply> oci_registry::get_once(wish const& what) {
  auto got = co_await send(what);
  if (!got.response) co_return got;
  if (got.response->status != 401) co_return co_await judge(*std::move(got.response), what);
  auto const asked = challenges_in(got.response->fields);
  co_await got.response->read_all(refusal_limit);
  got = co_await answer(asked, what.repository);
  if (!got.failure.empty()) co_return got;
  got = co_await send(what);
  if (!got.response) co_return got;
  co_return co_await judge(*std::move(got.response), what);
}

awaitable<oci_registry::reply> oci_registry::send(wish const& what) {
  for (;;) {
    auto const target =
        net::parse_url(fmt::format("{}://{}/v2/{}/{}", scheme_, host_, what.repository, what.path));
    if (!target) {
      reply wrong;
      wrong.failure = fmt::format("'{}' is no registry: {}", host_, target.error().message());
      co_return wrong;
    }
    net::http_request request;
    request.target = *target;
    request.fields.set("Accept", what.accept);
    if (!authorization_.empty()) request.fields.set("Authorization", authorization_);
    request.deadlines = deadlines_of(what.large);
    auto got = co_await exchange(std::move(request), fmt::format("registry '{}'", host_));
    if (got.response || !may_be_plain_ || !speaks_no_tls(got.error)) {
      may_be_plain_ = may_be_plain_ && !got.response;
      co_return got;
    }
    may_be_plain_ = false;
    scheme_ = "http";
  }
}

awaitable<oci_registry::reply> oci_registry::exchange(net::http_request request,
                                                      std::string shown) {
  reply out;
  std::string explanation;
  request.explanation = &explanation;
  auto got = co_await http_.send(std::move(request));
  if (got) {
    out.response = *std::move(got);
    co_return out;
  }
  out.error = got.error();
  out.passing = is_passing(out.error);
  out.failure = fmt::format("cannot reach {}: {}", shown,
                            lower_begin(explanation.empty() ? out.error.message() : explanation));
  co_return out;
}

awaitable<oci_registry::reply> oci_registry::judge(net::http_response response, wish const& what) {
  reply out;
  int const status = response.status;
  if (status == 200) {
    out.response = std::move(response);
    co_return out;
  }
  auto const body = co_await response.read_all(refusal_limit);
  auto const said = body ? error_text(*body) : std::string();
  out.passing = is_passing(status);
  if (status == 404) {
    out.failure = fmt::format("registry '{}' has no '{}' of '{}'", host_,
                              what.path.substr(what.path.find('/') + 1), what.repository);
  } else if (status == 401 || status == 403) {
    out.failure =
        fmt::format("registry '{}' does not let {} read '{}'", host_, who(), what.repository);
  } else {
    out.failure = fmt::format("registry '{}' answers {}", host_, status);
  }
  if (!said.empty()) out.failure += fmt::format(" ({})", said);
  co_return out;
}

}  // namespace corunner::exec
