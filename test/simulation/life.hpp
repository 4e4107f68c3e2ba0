#pragma once

#include "exec/dummy/dummy_executor.hpp"
#include "net/dialer.hpp"
#include "net/http_client.hpp"
#include "runner/manager/manager.hpp"
#include "test/support/memory_storage.hpp"

#include <cstddef>
#include <memory>
#include <optional>

namespace corunner::simulation {

enum class stop_signal { quit, terminate, interrupt };

// One life of the runner's process: what main.cpp composes for it, in memory.
//
// Coroutines cannot be cut off in the middle, so a life that was killed goes on as a ghost: it
// reaches nobody, writes nothing, and is told to stop.
class life {
 public:
  struct world_parts {
    asio::any_io_executor executor;
    net::time_source& time;
    net::blocking_pool& pool;
    net::dialer& network;
    test::memory_disk& disk;
    logger log;
  };

  // `number` counts from 1; the journals of all lives before are found.
  life(world_parts parts, std::size_t number, std::uint64_t seed, config::configuration values);

  awaitable<void> run() { ended_ = co_await manager_.run(); }
  void kill();
  // Does what the process does (protocol.md 7.8); false: it ends at once, which is left to the
  // caller.
  bool signal(stop_signal what);
  // It has ended by itself.
  void retire() { *alive_ = false; }

  // Ends what waits in case it is used again.
  void close_idle() { http_.close_idle(); }

  bool alive() const { return *alive_; }
  bool running() const { return alive() && !ended_; }
  bool told_to_stop() const { return graceful_ || forceful_; }
  std::optional<manager_end> ended() const { return ended_; }
  corunner::manager& manager() { return manager_; }
  corunner::manager const& manager() const { return manager_; }
  exec::dummy_world const& dummies() const { return dummies_; }

 private:
  // Dials as long as the process lives.
  class mortal_dialer final : public net::dialer {
   public:
    mortal_dialer(net::dialer& network, test::life_sign alive)
        : network_(network), alive_(std::move(alive)) {}
    awaitable<result<std::unique_ptr<net::stream>>> dial(net::dial_target const& target) override {
      if (!*alive_) co_return error_code(asio::error::connection_refused);
      co_return co_await network_.dial(target);
    }

   private:
    net::dialer& network_;
    test::life_sign alive_;
  };

  manager_services services(world_parts const& parts);

  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  mortal_dialer dialer_;
  net::http_client http_;
  exec::dummy_world dummies_;
  journal journal_;
  std::optional<manager_end> ended_;
  bool graceful_ = false;
  bool forceful_ = false;
  corunner::manager manager_;
};

}  // namespace corunner::simulation
