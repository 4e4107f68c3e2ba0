#pragma once

#include "net/dialer.hpp"
#include "net/stream.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace corunner::test {

// What goes wrong in one direction of an in-memory connection. Nothing by default.
struct lane_faults {
  // Once so many bytes were carried, both ends see connection_reset (after these bytes were read).
  std::optional<std::uint64_t> reset_after;
  // Bytes after so many never arrive; the writer blocks when the buffer is full.
  std::optional<std::uint64_t> stall_after;
  // A read gives between 1 and `piece` bytes, by a random of this seed.
  std::optional<std::uint64_t> split_seed;
  std::size_t piece = 7;
};

struct pipe_options {
  std::size_t capacity = 64 * 1024;  // bytes on the way in one direction; then the writer waits
  lane_faults to_second;             // what the first end writes
  lane_faults to_first;              // what the second end writes
  std::string first_peer = "memory:first";    // what second->peer() says
  std::string second_peer = "memory:second";  // what first->peer() says
};

struct memory_lane;

// Two connected ends with bounded buffers.
struct pipe_pair {
  std::unique_ptr<net::stream> first;
  std::unique_ptr<net::stream> second;
};
pipe_pair make_pipe(asio::any_io_executor executor, pipe_options how = {});

// What becomes of one dial.
struct dial_plan {
  error_code refuse;         // the dial fails with it
  bool stall = false;        // the dial never ends by itself
  lane_faults to_server;
  lane_faults to_client;
  std::size_t capacity = 64 * 1024;
};

// A network in memory: listeners by "host:port" (or "unix:PATH"), and a dialer that reaches them.
// TLS options are ignored. Dialing an address where nobody listens is connection_refused.
//
// The dialer and its listeners and streams may be destroyed in any order.
class memory_dialer final : public net::dialer {
 public:
  explicit memory_dialer(asio::any_io_executor executor);
  ~memory_dialer() override;

  std::unique_ptr<net::listener> listen(std::string const& host, std::uint16_t port);
  std::unique_ptr<net::listener> listen_unix(std::filesystem::path const& path);

  awaitable<result<std::unique_ptr<net::stream>>> dial(net::dial_target const& target) override;

  // Asked at every dial; `number` counts from 0. Empty: nothing goes wrong.
  std::function<dial_plan(net::dial_target const& target, std::size_t number)> plan;

  // Every target that was dialed, in order.
  std::vector<net::dial_target> const& dialed() const { return dialed_; }
  // Connections of which neither end was closed, broken, or destroyed.
  std::size_t open_connections() const;
  // Resets every connection (a server that restarts).
  void reset_all();
  // The same of those to one host.
  void reset(std::string const& host);

  struct backlog;

 private:
  std::unique_ptr<net::listener> listen_at(std::string address);

  asio::any_io_executor executor_;
  std::map<std::string, std::weak_ptr<backlog>> listeners_;
  std::vector<net::dial_target> dialed_;
  struct connection {
    std::string host;
    std::weak_ptr<memory_lane> forth;
    std::weak_ptr<memory_lane> back;
  };
  static void reset(connection const& which);
  std::vector<connection> connections_;
};

}  // namespace corunner::test
