#pragma once

#include "net/asio.hpp"
#include "net/http_server.hpp"
#include "runner/coordinator/api/parameters.hpp"
#include "runner/coordinator/api/reply.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace corunner::coordinator {

struct context;

// A request whose parameters are read.
struct api_request {
  net::http_exchange& exchange;
  std::vector<std::string> captures;  // what stood in the places of ":id", decoded
  parameters params;
  std::string body;  // as sent; empty when the handler reads it itself

  // The n-th capture as a number; nothing when it is none.
  std::optional<std::int64_t> number(std::size_t place) const;
  std::string_view field(std::string_view name) const { return exchange.fields.get(name); }
  bool is_reading() const { return exchange.method == "GET" || exchange.method == "HEAD"; }
  // Whether the client saw the resource before it changed last (If-Unmodified-Since, whole
  // seconds).
  bool is_outdated(std::int64_t changed_at) const;
};

// Answers from memory and the database, without waiting.
using plain_handler = reply (*)(context&, api_request&);
// Waits or streams; answers through the exchange.
using slow_handler = awaitable<void> (*)(context&, api_request&);

// One endpoint. `path` is relative to /api/v4; ":name" takes one segment.
struct route {
  std::string_view method;
  std::string_view path;
  std::string_view name;  // for faults and logs
  std::variant<plain_handler, slow_handler> handler;
  std::size_t body_limit = 64 * 1024;  // 0: the handler reads the body itself, piece by piece
};

// What a path leads to.
struct routing {
  route const* found = nullptr;
  std::vector<std::string> captures;
  std::string allowed;  // the methods that the path does have, when `found` is not set
};

class router {
 public:
  void add(std::span<route const> table) { tables_.push_back(table); }
  // `path` as in the request line, without the prefix.
  routing find(std::string_view method, std::string_view path) const;
  std::vector<std::span<route const>> const& tables() const { return tables_; }

 private:
  std::vector<std::span<route const>> tables_;
};

}  // namespace corunner::coordinator
