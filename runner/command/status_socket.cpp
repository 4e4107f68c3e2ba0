#include "runner/command/status_socket.hpp"

#include "config/atomic_file.hpp"
#include "net/sockets.hpp"

#include <fmt/format.h>

#include <utility>

namespace corunner {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// FNV-1a: the same in every build, as both sides must agree.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (unsigned char const c : text) hash = (hash ^ c) * 0x100000001b3ull;
  return hash;
}

awaitable<void> answer(net::http_exchange& exchange, std::function<std::string()> const& report) {
  bool const known = exchange.path == "/status" && exchange.method == "GET";
  net::http_fields const fields{{"Content-Type", "application/json"}};
  auto const body = known ? report() : std::string("{}");
  co_await exchange.respond(known ? 200 : 404, fields, body);
}

awaitable<void> serve(net::http_server& server, net::listener& at) { co_await server.serve(at); }

}  // namespace

std::vector<fs::path> status_places(fs::path const& config_file,
                                    config::environment const& variables) {
  std::error_code ec;
  auto const whole = fs::absolute(config_file, ec).lexically_normal();
  auto const name = fmt::format("{:016x}.sock", hash_of(whole.string()));
  std::vector<fs::path> places;
  if (auto const mine = variables("XDG_RUNTIME_DIR"); mine && !mine->empty()) {
    places.push_back(fs::path(*mine) / "corunner" / name);
  }
  places.push_back(fs::path("/run/corunner") / name);
  places.push_back(whole.parent_path() / (".corunner-" + name));
  return places;
}

status_socket::status_socket(services& all, fs::path config_file,
                             std::function<std::string()> report)
    : all_(all),
      config_file_(std::move(config_file)),
      report_(std::move(report)),
      server_(all.io.get_executor(), all.time,
              [this](net::http_exchange& exchange) { return answer(exchange, report_); },
              {.connections = 8}),
      tasks_(all.io.get_executor()) {}

void status_socket::open() {
  for (auto const& place : status_places(config_file_, all_.variables)) {
    if (config::make_directory(place.parent_path())) continue;
    auto opened = net::listen_unix(all_.io.get_executor(), place);
    if (opened) {
      listener_ = std::move(*opened);
      tasks_.spawn(serve(server_, *listener_));
      return;
    }
    if (opened.error() == asio::error::address_in_use) {
      all_.log.warning(
          "another process runs with this configuration file: 'status' tells of that one",
          {{"file", config_file_.string()}});
      return;
    }
  }
  all_.log.debug("no place for the status socket, the command 'status' will find nothing");
}

awaitable<void> status_socket::stop() {
  server_.stop();
  if (listener_) listener_->close();
  co_await server_.drain(1s);
  co_await tasks_.join();
}

}  // namespace corunner
