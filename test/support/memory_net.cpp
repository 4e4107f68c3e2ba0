#include "test/support/memory_net.hpp"

#include "net/event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <random>
#include <stdexcept>

namespace corunner::test {

// One direction: bytes that were written and not yet read.
struct memory_lane {
  memory_lane(asio::any_io_executor executor, std::size_t size, lane_faults what)
      : capacity(size), faults(what), random(what.split_seed.value_or(0)), readable(executor),
        writable(executor) {}

  std::size_t capacity;
  lane_faults faults;
  std::mt19937_64 random;
  std::string bytes;           // written, not read
  std::uint64_t accepted = 0;  // written in all
  std::uint64_t delivered = 0; // read in all
  bool ended = false;          // the writer said that nothing more comes
  error_code broken;           // what both sides get from now on
  net::event readable;
  net::event writable;
  std::weak_ptr<memory_lane> other;  // the direction back

  void fail(error_code why) {
    if (!broken) broken = why;
    readable.set();
    writable.set();
  }
  // How many of the bytes may be read now.
  std::size_t available() const {
    if (!faults.stall_after) return bytes.size();
    auto const allowed = *faults.stall_after - std::min(*faults.stall_after, delivered);
    return static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), allowed));
  }
  bool stalled() const { return faults.stall_after && accepted > *faults.stall_after; }
  bool at_end() const { return ended && bytes.empty() && !stalled(); }
  bool must_reset() const { return faults.reset_after && accepted >= *faults.reset_after; }

  std::size_t piece_of(std::size_t size) {
    if (!faults.split_seed) return size;
    return std::min<std::size_t>(size, 1 + random() % std::max<std::size_t>(faults.piece, 1));
  }
};

namespace {

class memory_stream final : public net::stream {
 public:
  memory_stream(std::shared_ptr<memory_lane> in, std::shared_ptr<memory_lane> out, std::string peer)
      : in_(std::move(in)), out_(std::move(out)), peer_(std::move(peer)) {}
  ~memory_stream() override { close(); }

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
    auto const lane = in_;
    while (true) {
      if (closed_) co_return error_code(asio::error::operation_aborted);
      if (auto const ready = lane->available(); ready > 0 && into.size() > 0) {
        co_return take(*lane, into, ready);
      }
      if (lane->broken) co_return lane->broken;
      if (lane->at_end()) co_return error_code(asio::error::eof);
      lane->readable.reset();
      if (error_code const ec = co_await lane->readable.wait()) co_return ec;
    }
  }

  awaitable<error_code> write(asio::const_buffer bytes) override {
    auto const lane = out_;
    while (bytes.size() > 0) {
      if (closed_) co_return asio::error::operation_aborted;
      if (lane->broken) co_return lane->broken;
      if (lane->ended) co_return asio::error::broken_pipe;
      if (auto const room = lane->capacity - lane->bytes.size(); room > 0) {
        bytes += put(*lane, bytes, room);
        continue;
      }
      lane->writable.reset();
      if (error_code const ec = co_await lane->writable.wait()) co_return ec;
    }
    co_return error_code();
  }

  awaitable<error_code> shutdown_write() override {
    if (out_->broken) co_return out_->broken;
    out_->ended = true;
    out_->readable.set();
    co_return error_code();
  }

  void close() noexcept override {
    if (std::exchange(closed_, true)) return;
    out_->ended = true;
    out_->readable.set();
    out_->writable.set();
    in_->bytes.clear();
    in_->fail(asio::error::broken_pipe);  // whoever still writes to us
  }

  bool quiet() const override {
    return !closed_ && in_->available() == 0 && !in_->broken && !in_->at_end();
  }
  std::string peer() const override { return peer_; }

 private:
  static std::size_t take(memory_lane& lane, asio::mutable_buffer into, std::size_t ready) {
    auto const size = lane.piece_of(std::min(ready, into.size()));
    std::memcpy(into.data(), lane.bytes.data(), size);
    lane.bytes.erase(0, size);
    lane.delivered += size;
    lane.writable.set();
    return size;
  }

  static std::size_t put(memory_lane& lane, asio::const_buffer bytes, std::size_t room) {
    auto size = std::min(bytes.size(), room);
    if (lane.faults.reset_after) {
      auto const left =
          *lane.faults.reset_after - std::min(*lane.faults.reset_after, lane.accepted);
      size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left));
    }
    lane.bytes.append(static_cast<char const*>(bytes.data()), size);
    lane.accepted += size;
    lane.readable.set();
    if (lane.must_reset()) {
      lane.fail(asio::error::connection_reset);
      if (auto const back = lane.other.lock()) back->fail(asio::error::connection_reset);
    }
    return size;
  }

  std::shared_ptr<memory_lane> in_;
  std::shared_ptr<memory_lane> out_;
  std::string peer_;
  bool closed_ = false;
};

struct lanes {
  std::shared_ptr<memory_lane> forth;
  std::shared_ptr<memory_lane> back;
};

lanes make_lanes(asio::any_io_executor executor, pipe_options const& how) {
  lanes made{std::make_shared<memory_lane>(executor, how.capacity, how.to_second),
             std::make_shared<memory_lane>(executor, how.capacity, how.to_first)};
  made.forth->other = made.back;
  made.back->other = made.forth;
  return made;
}

pipe_pair ends_of(lanes const& both, pipe_options const& how) {
  return {std::make_unique<memory_stream>(both.back, both.forth, how.second_peer),
          std::make_unique<memory_stream>(both.forth, both.back, how.first_peer)};
}

std::string address_of(net::dial_target const& target) {
  if (!target.unix_path.empty()) return "unix:" + target.unix_path.string();
  return fmt::format("{}:{}", target.host, target.port);
}

}  // namespace

pipe_pair make_pipe(asio::any_io_executor executor, pipe_options how) {
  return ends_of(make_lanes(std::move(executor), how), how);
}

struct memory_dialer::backlog {
  explicit backlog(asio::any_io_executor executor) : arrived(std::move(executor)) {}
  std::deque<std::unique_ptr<net::stream>> waiting;
  net::event arrived;
  bool closed = false;
};

namespace {

class memory_listener final : public net::listener {
 public:
  memory_listener(std::shared_ptr<memory_dialer::backlog> queue, std::string address)
      : queue_(std::move(queue)), address_(std::move(address)) {}
  ~memory_listener() override { close(); }

  awaitable<result<std::unique_ptr<net::stream>>> accept() override {
    auto const queue = queue_;
    while (queue->waiting.empty()) {
      if (queue->closed) co_return error_code(asio::error::operation_aborted);
      queue->arrived.reset();
      if (error_code const ec = co_await queue->arrived.wait()) co_return ec;
    }
    auto next = std::move(queue->waiting.front());
    queue->waiting.pop_front();
    co_return std::move(next);
  }

  std::string address() const override { return address_; }

  void close() noexcept override {
    queue_->closed = true;
    queue_->waiting.clear();
    queue_->arrived.set();
  }

 private:
  std::shared_ptr<memory_dialer::backlog> queue_;
  std::string address_;
};

}  // namespace

memory_dialer::memory_dialer(asio::any_io_executor executor) : executor_(std::move(executor)) {}
memory_dialer::~memory_dialer() = default;

std::unique_ptr<net::listener> memory_dialer::listen(std::string const& host, std::uint16_t port) {
  return listen_at(fmt::format("{}:{}", host, port));
}

std::unique_ptr<net::listener> memory_dialer::listen_unix(std::filesystem::path const& path) {
  return listen_at("unix:" + path.string());
}

std::unique_ptr<net::listener> memory_dialer::listen_at(std::string address) {
  auto& entry = listeners_[address];
  if (auto const old = entry.lock(); old && !old->closed) {
    throw std::logic_error("somebody listens already on " + address);
  }
  auto queue = std::make_shared<backlog>(executor_);
  entry = queue;
  return std::make_unique<memory_listener>(std::move(queue), std::move(address));
}

awaitable<result<std::unique_ptr<net::stream>>> memory_dialer::dial(
    net::dial_target const& target) {
  auto const number = dialed_.size();
  dialed_.push_back(target);
  auto const what = plan ? plan(target, number) : dial_plan();
  if (what.stall) {
    net::event never(executor_);
    co_return co_await never.wait();
  }
  if (what.refuse) co_return what.refuse;
  auto const address = address_of(target);
  auto const found = listeners_.find(address);
  auto const queue = found == listeners_.end() ? nullptr : found->second.lock();
  if (!queue || queue->closed) co_return error_code(asio::error::connection_refused);

  pipe_options how;
  how.capacity = what.capacity;
  how.to_second = what.to_server;
  how.to_first = what.to_client;
  how.first_peer = fmt::format("memory:{}", number);
  how.second_peer = address;
  auto const both = make_lanes(executor_, how);
  std::erase_if(connections_, [](connection const& each) { return each.forth.expired(); });
  connections_.push_back({target.host, both.forth, both.back});
  auto ends = ends_of(both, how);
  queue->waiting.push_back(std::move(ends.second));
  queue->arrived.set();
  co_return std::move(ends.first);
}

std::size_t memory_dialer::open_connections() const {
  auto const open = [](connection const& each) {
    auto const forth = each.forth.lock();
    auto const back = each.back.lock();
    return forth && back && !forth->broken && !back->broken;
  };
  return static_cast<std::size_t>(std::count_if(connections_.begin(), connections_.end(), open));
}

void memory_dialer::reset_all() {
  for (auto const& each : connections_) reset(each);
  connections_.clear();
}

void memory_dialer::reset(std::string const& host) {
  for (auto const& each : connections_) {
    if (each.host == host) reset(each);
  }
  std::erase_if(connections_, [&](connection const& each) { return each.host == host; });
}

void memory_dialer::reset(connection const& which) {
  if (auto const lane = which.forth.lock()) lane->fail(asio::error::connection_reset);
  if (auto const lane = which.back.lock()) lane->fail(asio::error::connection_reset);
}

}  // namespace corunner::test
