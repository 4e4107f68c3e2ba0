#include "test/system/support/http_peer.hpp"

#include <algorithm>
#include <array>

namespace corunner::test {

namespace {

// Fields of one connection only, or of the message's form: our client and server write their own.
bool is_of_the_connection(std::string_view name) {
  constexpr std::array<std::string_view, 6> own{"host",       "content-length", "transfer-encoding",
                                                "connection", "expect",         "keep-alive"};
  return std::ranges::any_of(own, [&](std::string_view each) {
    return std::ranges::equal(each, name, [](char a, char b) { return a == (b | 0x20); });
  });
}

net::http_fields to_pass_on(net::http_fields const& fields) {
  net::http_fields kept;
  for (auto const& [name, value] : fields) {
    if (!is_of_the_connection(name)) kept.add(name, value);
  }
  return kept;
}

awaitable<bool> end(net::http_server& server, net::task_group& children) {
  server.stop();
  co_await server.drain(std::chrono::milliseconds(0));
  children.cancel();
  co_await children.join();
  co_return true;
}

}  // namespace

http_peer::http_peer(event_loop& loop, net::http_handler handler,
                     std::optional<test_authority::pair> tls)
    : loop_(loop), handler_(std::move(handler)), tls_(std::move(tls)) {
  come_back();
}

http_peer::~http_peer() { go_away(); }

std::string http_peer::url() const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

void http_peer::come_back() {
  auto const executor = loop_.io.get_executor();
  plain_ = net::listen_tcp(executor, "127.0.0.1", port_).value();
  port_ = port_of(*plain_);
  server_ = std::make_unique<net::http_server>(executor, loop_.time, handler_);
  children_ = std::make_unique<net::task_group>(executor);
  if (tls_) secured_.emplace(*plain_, *tls_);
  children_->spawn(server_->serve(secured_ ? static_cast<net::listener&>(*secured_) : *plain_));
}

void http_peer::go_away() {
  if (!server_) return;
  plain_->close();
  loop_.run(end(*server_, *children_));
  children_.reset();
  server_.reset();
  secured_.reset();
  plain_.reset();
}

gateway::gateway(event_loop& loop, std::optional<test_authority::pair> tls)
    : time_(loop.time),
      dialer_(loop.time),
      client_(dialer_, loop.time, {.user_agent = "gateway"}),
      peer_(loop, [this](net::http_exchange& exchange) { return handle(exchange); },
            std::move(tls)) {}

std::size_t gateway::count(std::string const& method, std::string const& part_of_target) const {
  return static_cast<std::size_t>(std::ranges::count_if(seen_, [&](passed const& one) {
    return one.method == method && one.target.find(part_of_target) != std::string::npos;
  }));
}

awaitable<void> gateway::handle(net::http_exchange& exchange) {
  constexpr std::size_t largest = 256 << 20;
  auto body = co_await exchange.read_all(largest);
  if (!body) co_return exchange.drop();
  passed now{
      .method = exchange.method, .target = exchange.target, .request_body = std::move(*body)};
  auto const what = disturb ? disturb(now) : disturbance{};
  bool const disturbed = what.drop || what.status != 0;
  net::http_fields answer;
  if (!disturbed || what.after) {
    net::http_request request;
    request.method = exchange.method;
    request.target = net::parse_url(upstream_ + exchange.target).value();
    request.fields = to_pass_on(exchange.fields);
    if (exchange.method != "GET" && exchange.method != "HEAD") {
      request.body = net::http_body::of(now.request_body);
    }
    request.follow_redirects = false;
    auto response = co_await client_.send(std::move(request));
    if (!response) co_return exchange.drop();
    auto received = co_await response->read_all(largest);
    if (!received) co_return exchange.drop();
    now.status = response->status;
    now.response_body = std::move(*received);
    answer = to_pass_on(response->fields);
  }
  if (what.keep_back.count() > 0 && co_await time_.sleep_for(what.keep_back)) {
    co_return exchange.drop();
  }
  if (what.drop) {
    now.status = 0;
    seen_.push_back(std::move(now));
    co_return exchange.drop();
  }
  if (what.status != 0) {
    now.status = what.status;
    now.response_body = R"({"message":"disturbed"})";
    answer = {{"Content-Type", "application/json"}};
  }
  auto reply = now.response_body;
  int const status = now.status;
  seen_.push_back(std::move(now));
  co_await exchange.respond(status, std::move(answer), std::move(reply));
}

}  // namespace corunner::test
