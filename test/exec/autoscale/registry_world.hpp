#pragma once

#include "exec/autoscale/oci_registry.hpp"
#include "test/exec/autoscale/plugin_crafting.hpp"
#include "test/net/served_world.hpp"

#include <boost/asio/co_spawn.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner::test {

// Registries, their token servers and their stores of blobs, all in memory under manual time.
struct registry_world : served_world {
  struct asked {
    std::string method;
    std::string where;  // host, path and query
    std::string authorization;
    std::string accept;
    std::string body;
  };
  struct told {
    int status = 200;
    std::string body;
    net::http_fields fields{};
  };

  registry_world()
      : served_world([this](net::http_exchange& exchange) { return handle(exchange); }) {
    for (auto const* const host : {"r.test", "auth.test", "store.test"}) listen(host, 443);
  }
  ~registry_world() { end(); }

  void listen(std::string const& host, std::uint16_t port) {
    more.push_back(network.listen(host, port));
    spawn(server.serve(*more.back()));
    settle();
  }

  std::vector<std::string> places() const {
    std::vector<std::string> out;
    for (auto const& each : seen) out.push_back(each.where);
    return out;
  }

  // Whatever is not there is not found.
  std::map<std::string, told> content;
  // Asked before, when it is set; nothing: the content counts.
  std::function<std::optional<told>(asked const&)> answer;
  std::vector<asked> seen;
  std::vector<std::unique_ptr<net::listener>> more;

 private:
  awaitable<void> handle(net::http_exchange& exchange) {
    auto const body = co_await exchange.read_all(1 << 20);
    asked const what{exchange.method, std::string(exchange.fields.get("Host")) + exchange.target,
                     std::string(exchange.fields.get("Authorization")),
                     std::string(exchange.fields.get("Accept")), body ? *body : std::string()};
    seen.push_back(what);
    auto reply = answer ? answer(what) : std::nullopt;
    if (!reply) {
      auto const found = content.find(what.where);
      reply = found == content.end() ? told{404, R"({"errors": [{"message": "unknown"}]})"}
                                     : found->second;
    }
    co_await exchange.respond(reply->status, reply->fields, reply->body);
  }
};

// Runs `work` in the world; nothing: it still waits for time to pass, and is found in `late`.
template <class T>
struct running {
  explicit running(registry_world& in, awaitable<T> work) : world(in) {
    asio::co_spawn(world.io, std::move(work), [this](std::exception_ptr failure, T result) {
      if (failure) std::rethrow_exception(failure);
      value = std::move(result);
    });
    world.settle();
  }

  registry_world& world;
  std::optional<T> value;
};

struct kept_blob final : exec::blob_sink {
  awaitable<std::string> begin() override {
    ++begun;
    bytes.clear();
    co_return "";
  }
  awaitable<std::string> write(std::string_view piece) override {
    bytes += piece;
    co_return failure;
  }
  std::string digest() override { return exec::digest_of(bytes); }

  std::string bytes;
  std::string failure;
  int begun = 0;
};

}  // namespace corunner::test
