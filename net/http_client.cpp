#include "net/http_client.hpp"

#include "net/error.hpp"
#include "net/http_connection.hpp"
#include "net/http_pool.hpp"
#include "net/http_text.hpp"
#include "net/proxy_error.hpp"
#include "net/with_timeout.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace corunner::net {
namespace {

// Go's client, which peers are used to, gives up at the tenth redirect: ten requests in a row.
constexpr int most_redirects = 10;
// What a redirect's own body may hold before it is cheaper to make a new connection.
constexpr std::size_t skipped_body = 16 * 1024;

constexpr std::array<std::string_view, 6> credentials = {
    "Authorization", "Cookie", "JOB-TOKEN", "RUNNER-TOKEN", "PRIVATE-TOKEN", "Proxy-Authorization"};
constexpr std::array<std::string_view, 5> body_fields = {
    "Content-Type", "Content-Encoding", "Content-Language", "Content-Location", "Content-Range"};

bool is_redirect(int status) {
  return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

// Turns `request` into the one that `location` asks for.
error_code follow(http_request& request, int status, std::string_view location) {
  auto next = resolve_url(request.target, location);
  if (!next) return next.error();
  if (next->origin() != request.target.origin()) {
    for (auto const name : credentials) request.fields.erase(name);
  }
  if (status <= 303 && request.method != "HEAD") {
    request.method = "GET";
    request.body = {};
    for (auto const name : body_fields) request.fields.erase(name);
  }
  request.target = std::move(*next);
  return error_code();
}

using connection = http_response::connection;

// What a proxy wants to see of whoever uses it.
std::string authorization_for(url const& proxy) {
  if (proxy.user.empty() && proxy.password.empty()) return {};
  return basic_credentials(proxy.user, proxy.password);
}

// Where the request's connection goes; tells `used` when that is a proxy.
result<dial_target> where(http_request const& request, proxy_settings const& proxies,
                          connection& used) {
  dial_target target;
  target.host = request.target.host;
  target.port = request.target.port;
  target.unix_path = request.unix_path;
  if (request.target.secure()) target.tls = request.tls.value_or(tls_options());
  target.connect_limit = request.deadlines.connect;
  target.handshake_limit = request.deadlines.tls_handshake;
  target.explanation = request.explanation;
  if (!request.unix_path.empty()) return target;
  auto const proxy = proxies.proxy_for(request.target);
  if (!proxy) return proxy.error();
  if (!*proxy) return target;
  auto const& via = **proxy;
  bool const is_socks = via.scheme.starts_with("socks");
  if (target.tls || is_socks) {
    using enum dial_tunnel::protocol;
    target.tunnel = dial_tunnel{.how = is_socks ? socks5 : http_connect,
                                .host = via.host,
                                .port = via.port,
                                .secure = via.secure(),
                                .user = via.user,
                                .password = via.password};
  } else {
    target.host = via.host;
    target.port = via.port;
    if (via.secure()) target.tls = request.tls.value_or(tls_options());
    used.to_proxy = true;
    used.proxy_authorization = authorization_for(via);
  }
  return target;
}

// How a reused connection fails when its peer had given it up before our request arrived.
bool looks_stale(error_code const& ec) {
  return ec == asio::error::eof || ec == asio::error::connection_reset ||
         ec == asio::error::connection_aborted || ec == asio::error::broken_pipe ||
         ec == asio::error::not_connected;
}

// May a request be sent twice? Those that change something only when the peer cannot have the
// first: our very first write had failed. (Go's rule; a job must not be handed out to nobody.)
bool may_repeat(connection const& used, std::string_view method) {
  return method == "GET" || method == "HEAD" || !used.offered();
}

awaitable<error_code> connect(connection& to, dial_target const& target) {
  auto& time = to.home->time();
  auto limit = target.connect_limit;
  if (target.tls) limit += target.handshake_limit;
  auto const left = std::max(time_source::duration::zero(), to.give_up - time.now());
  auto made = co_await with_timeout(time, std::min<time_source::duration>(limit, left),
                                    to.home->connections().dial(target));
  if (!made) {
    if (to.to_proxy) {
      explain_proxy_failure(target.explanation, target.host, target.port, made.error());
    }
    co_return made.error();
  }
  to.wire = std::move(*made);
  co_return error_code();
}

// One exchange up to the response's head; a second one when an idle connection had died unnoticed.
awaitable<result<std::unique_ptr<connection>>> send_once(
    std::shared_ptr<http_client::pool> home, http_request const& request,
    time_source::time_point give_up) {
  auto const loop = co_await asio::this_coro::executor;
  for (bool fresh = false;; fresh = true) {
    auto used = std::make_unique<connection>(home, loop);
    auto const target = where(request, home->how().proxies, *used);
    if (!target) co_return target.error();
    used->key = peer_key(*target);
    used->deadlines = request.deadlines;
    used->give_up = give_up;
    if (!fresh) used->wire = home->take(used->key);
    used->reused = used->wire != nullptr;
    if (!used->reused) {
      if (error_code const ec = co_await connect(*used, *target)) co_return ec;
    }
    error_code const ec = co_await used->exchange(request);
    if (!ec) co_return std::move(used);
    bool const stale = used->reused && looks_stale(ec) && !used->answered();
    if (!stale || !may_repeat(*used, request.method)) co_return ec;
  }
}

}  // namespace

http_response::http_response() = default;
http_response::http_response(http_response&&) noexcept = default;
http_response& http_response::operator=(http_response&&) noexcept = default;
http_response::~http_response() = default;

http_response::http_response(std::unique_ptr<connection> from) : connection_(std::move(from)) {
  auto& head = connection_->parser->head();
  status = head.status;
  reason = head.reason;
  fields = std::move(head.fields);
  peer_certificates = connection_->wire->peer_certificates();
  if (connection_->parser->done()) connection_->release();
}

awaitable<result<std::size_t>> http_response::read_some(asio::mutable_buffer into) {
  if (!connection_) co_return std::size_t(0);
  co_return co_await connection_->read_some(into);
}

awaitable<result<std::string>> http_response::read_all(std::size_t limit) {
  std::string all;
  std::string piece(16 * 1024, '\0');
  while (true) {
    auto const got = co_await read_some(asio::buffer(piece));
    if (!got) co_return got.error();
    if (*got == 0) co_return all;
    if (*got > limit - all.size()) co_return error_code(errc::body_too_large);
    all.append(piece, 0, *got);
  }
}

http_client::http_client(dialer& connections, time_source& time, options how)
    : pool_(std::make_shared<pool>(connections, time, std::move(how))) {}

http_client::~http_client() { pool_->close(); }

void http_client::close_idle() { pool_->close_idle(); }

void http_client::set_connection_max_age(std::chrono::milliseconds age) { pool_->set_max_age(age); }

awaitable<result<http_response>> http_client::send(http_request request) {
  auto const home = pool_;
  auto const give_up = home->time().now() + request.deadlines.total;
  for (int redirects = 0;; ++redirects) {
    auto exchanged = co_await send_once(home, request, give_up);
    if (!exchanged) co_return exchanged.error();
    http_response response(std::move(*exchanged));
    response.final_url = request.target;
    auto const location = std::string(response.fields.get("Location"));
    if (!request.follow_redirects || !is_redirect(response.status) || location.empty()) {
      co_return std::move(response);
    }
    if (redirects + 1 == most_redirects) co_return error_code(errc::too_many_redirects);
    co_await response.read_all(skipped_body);  // so that the connection can be used again
    if (error_code const ec = follow(request, response.status, location)) co_return ec;
  }
}

}  // namespace corunner::net
