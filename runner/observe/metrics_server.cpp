#include "runner/observe/metrics_server.hpp"

#include "net/sockets.hpp"
#include "runner/observe/gzip.hpp"

#include <algorithm>
#include <utility>

namespace corunner {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_connections = 64;
constexpr auto time_to_end = 1s;
constexpr std::string_view plain_text = "text/plain; charset=utf-8";

debug_page::answer not_found() { return {.status = 404, .text = "404 page not found\n"}; }

bool stands_for(debug_page const& page, std::string_view path) {
  return page.path.ends_with('/') ? path.starts_with(page.path) : path == page.path;
}

}  // namespace

struct metrics_server::place {
  listen_address where;
  std::unique_ptr<net::listener> listener;
  net::http_server server;
};

metrics_server::metrics_server(asio::any_io_executor executor, net::time_source& time, logger log,
                               metrics const& figures, std::vector<debug_page> pages,
                               opener open)
    : executor_(executor),
      time_(time),
      log_(std::move(log)),
      figures_(figures),
      pages_(std::move(pages)),
      open_(std::move(open)),
      tasks_(executor) {
  if (open_) return;
  open_ = [executor](std::string const& host, std::uint16_t port) {
    return net::listen_tcp(executor, host, port);
  };
}

metrics_server::~metrics_server() = default;

awaitable<void> metrics_server::handle(net::http_exchange& exchange) const {
  if (exchange.path == "/metrics") co_return co_await show_figures(exchange);
  auto const page = std::ranges::find_if(
      pages_, [&](debug_page const& each) { return stands_for(each, exchange.path); });
  auto what = page == pages_.end() ? not_found() : page->make();
  what.more.set("Content-Type", what.type);
  co_await exchange.respond(what.status, std::move(what.more), std::move(what.text));
}

awaitable<void> metrics_server::show_figures(net::http_exchange& exchange) const {
  net::http_fields fields;
  if (exchange.method != "GET" && exchange.method != "HEAD") {
    fields.set("Content-Type", plain_text);
    fields.set("Allow", "GET, HEAD");
    co_await exchange.respond(405, std::move(fields), "Method Not Allowed\n");
    co_return;
  }
  auto text = figures_.text();
  fields.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  fields.set("Vary", "Accept-Encoding");
  if (takes_gzip(exchange.fields.get("Accept-Encoding"))) {
    text = in_gzip(text);
    fields.set("Content-Encoding", "gzip");
  }
  co_await exchange.respond(200, std::move(fields), std::move(text));
}

error_code metrics_server::listen(std::string const& address) {
  bool const first = !std::exchange(asked_, true);
  if (address.empty()) {
    if (!first && !place_) return {};
    log_.info("listen_address not defined, metrics & debug endpoints disabled");
    close();
    return {};
  }
  auto const where = parse_listen_address(address);
  if (!where) {
    log_.error("invalid listen address: " + where.error().message);
    return {};
  }
  if (place_ && place_->where == *where) return {};
  auto opened = open_(where->host, where->port);
  bool const in_our_way = place_ && place_->where.port == where->port;
  if (!opened && in_our_way) opened = open_instead(*where);
  if (!opened) return opened.error();
  close();
  begin(std::move(*opened), *where);
  return {};
}

// The same port of other addresses: what we have there ourselves has to go first, and to come back
// when that was not the reason.
result<std::unique_ptr<net::listener>> metrics_server::open_instead(listen_address const& where) {
  auto const old = place_->where;
  close();
  auto opened = open_(where.host, where.port);
  if (opened) return opened;
  auto again = open_(old.host, old.port);
  if (again) begin(std::move(*again), old);
  return opened;
}

void metrics_server::begin(std::unique_ptr<net::listener> at, listen_address const& where) {
  log_.info("Metrics server listening", {{"address", at->address()}});
  auto const handler = [this](net::http_exchange& exchange) { return handle(exchange); };
  net::http_server_limits limits;
  limits.connections = most_connections;
  place_ = std::shared_ptr<place>(
      new place{where, std::move(at), net::http_server(executor_, time_, handler, limits)});
  tasks_.spawn(serve(place_));
}

awaitable<void> metrics_server::serve(std::shared_ptr<place> at) {
  co_await at->server.serve(*at->listener);
  co_await at->server.drain(time_to_end);
}

void metrics_server::close() {
  if (!place_) return;
  place_->server.stop();
  place_->listener->close();
  place_.reset();
}

awaitable<void> metrics_server::stop() {
  close();
  co_await tasks_.join();
}

}  // namespace corunner
