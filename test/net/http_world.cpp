#include "test/net/http_world.hpp"

#include "net/http_parser.hpp"
#include "test/support/settle.hpp"

namespace corunner::test {
namespace {

awaitable<void> fetch_into(net::http_client& client, net::http_request request, fetched& into) {
  auto response = co_await client.send(std::move(request));
  if (response) {
    into.status = response->status;
    into.fields = response->fields;
    into.final_url = response->final_url;
    auto body = co_await response->read_all(64 * 1024 * 1024);
    if (body) into.body = std::move(*body);
    else into.error = body.error();
  } else {
    into.error = response.error();
  }
  into.done = true;
}

// Reads one request off the stream; empty when the peer has ended.
awaitable<std::string> read_request(net::stream& from, std::string& buffer) {
  net::http_parser parser(net::http_parser::kind::request, 64 * 1024);
  std::string whole;
  std::string piece(4096, '\0');
  std::string body(4096, '\0');
  while (!parser.done()) {
    auto const took = parser.put(buffer, asio::buffer(body));
    if (!took) co_return "not HTTP: " + buffer;
    whole += buffer.substr(0, took->consumed);
    buffer.erase(0, took->consumed);
    if (parser.done() || took->consumed > 0) continue;
    auto const got = co_await from.read_some(asio::buffer(piece));
    if (!got) co_return std::string();
    buffer.append(piece, 0, *got);
  }
  co_return whole;
}

awaitable<void> wait_for_end(net::stream& from) {
  std::string piece(4096, '\0');
  while (co_await from.read_some(asio::buffer(piece))) {
  }
}

}  // namespace

http_world::http_world()
    : time(io.get_executor()),
      network(io.get_executor()),
      client(network, time, {.user_agent = "tests"}),
      children(io.get_executor()) {}

http_world::~http_world() {
  settle();
  children.cancel();
  run_to_end(io, children.join());
}

net::http_request http_world::get(std::string const& target) const {
  net::http_request request;
  request.target = net::parse_url(target).value();
  return request;
}

net::http_request http_world::post(std::string const& target, std::string body) const {
  auto request = get(target);
  request.method = "POST";
  request.body = net::http_body::of(std::move(body));
  return request;
}

fetched http_world::fetch(net::http_request request) {
  fetched into;
  run_to_end(io, fetch_into(client, std::move(request), into));
  return into;
}

fetched const& http_world::start(net::http_request request) {
  auto& into = started.emplace_back();
  spawn(fetch_into(client, std::move(request), into));
  settle();
  return into;
}

void http_world::settle() { test::settle(io); }

void http_world::advance(net::time_source::duration by) {
  time.advance(by);
  settle();
}

scripted_peer& http_world::script(std::string const& host, std::uint16_t port,
                                  std::vector<std::vector<std::string>> connections) {
  listeners.push_back(network.listen(host, port));
  peers.push_back(std::make_unique<scripted_peer>());
  spawn(peers.back()->serve(*listeners.back(), std::move(connections), children));
  settle();
  return *peers.back();
}

awaitable<void> scripted_peer::serve(net::listener& at,
                                     std::vector<std::vector<std::string>> connections,
                                     net::task_group& children) {
  for (auto& replies : connections) {
    auto wire = co_await at.accept();
    if (!wire) co_return;
    ++accepted;
    children.spawn(answer(std::move(*wire), std::move(replies)));
  }
}

awaitable<void> scripted_peer::answer(std::unique_ptr<net::stream> wire,
                                      std::vector<std::string> replies) {
  std::string buffer;
  for (auto const& reply : replies) {
    auto request = co_await read_request(*wire, buffer);
    if (request.empty()) break;
    received.push_back(std::move(request));
    bool const stays = reply.ends_with("...");
    co_await wire->write(asio::buffer(reply.data(), reply.size() - (stays ? 3 : 0)));
    if (stays) co_await wait_for_end(*wire);
  }
}

raw_client::raw_client(http_world& world, std::string const& host, std::uint16_t port)
    : world_(world) {
  auto const open = [](raw_client& self, net::dial_target target) -> awaitable<void> {
    self.wire_ = (co_await self.world_.network.dial(target)).value();
  };
  run_to_end(world.io, open(*this, {.host = host, .port = port}));
  world.spawn(collect());
  world.settle();
}

raw_client::~raw_client() {
  wire_->close();
  world_.settle();  // collect() ends before what it uses
}

void raw_client::send(std::string const& text) {
  auto const write = [](net::stream& to, std::string bytes) -> awaitable<void> {
    co_await to.write(asio::buffer(bytes));
  };
  run_to_end(world_.io, write(*wire_, text));
}

void raw_client::end_writing() {
  auto const end = [](net::stream& to) -> awaitable<void> { co_await to.shutdown_write(); };
  run_to_end(world_.io, end(*wire_));
}

awaitable<void> raw_client::collect() {
  std::string piece(4096, '\0');
  while (true) {
    auto const got = co_await wire_->read_some(asio::buffer(piece));
    if (!got) break;
    received_.append(piece, 0, *got);
  }
  ended_ = true;
}

}  // namespace corunner::test
