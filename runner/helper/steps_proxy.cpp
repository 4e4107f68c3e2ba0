#include "runner/helper/steps_proxy.hpp"

#include "net/event.hpp"
#include "net/socket_stream.hpp"
#include "net/task_group.hpp"
#include "net/with_timeout.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits.h>
#include <string_view>
#include <system_error>
#include <utility>

namespace corunner {
namespace {

using descriptor = asio::posix::stream_descriptor;

constexpr std::chrono::seconds last_answers{5};

// Files are always ready, and cannot be waited for.
awaitable<error_code> ready(descriptor& file, descriptor::wait_type what) {
  auto const [ec] = co_await file.async_wait(what, asio::as_tuple(asio::use_awaitable));
  co_return ec == asio::error::operation_not_supported ? error_code() : ec;
}

class proxy {
 public:
  proxy(asio::any_io_executor executor, std::unique_ptr<net::stream> peer,
        steps_proxy_options const& how)
      : peer_(std::move(peer)),
        input_(executor, ::dup(how.input)),
        output_(executor, ::dup(how.output)),
        asked_(executor),
        answered_(executor),
        directions_(executor) {}

  awaitable<void> run(net::time_source& time) {
    directions_.spawn(ask());
    directions_.spawn(answer());
    bool const cancelled = co_await first_end();
    if (!cancelled) {
      auto answers = answered_.wait();
      co_await net::with_timeout(time, last_answers, std::move(answers));
    }
    directions_.cancel();
    co_await directions_.join();
  }

 private:
  // True: we were cancelled.
  awaitable<bool> first_end() {
    error_code const ec = co_await asked_.wait();
    co_return static_cast<bool>(ec);
  }

  awaitable<void> ask() {
    struct at_end {
      net::event& event;
      ~at_end() { event.set(); }
    } const told{asked_};
    std::array<char, 16 * 1024> buffer;
    while (!co_await ready(input_, descriptor::wait_read)) {
      auto const got = ::read(input_.native_handle(), buffer.data(), buffer.size());
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got <= 0) break;
      auto const bytes = asio::buffer(buffer.data(), static_cast<std::size_t>(got));
      if (co_await peer_->write(bytes)) break;
    }
    co_await peer_->shutdown_write();
  }

  awaitable<void> answer() {
    struct at_end {
      proxy& of;
      ~at_end() {
        of.answered_.set();
        of.asked_.set();
      }
    } const told{*this};
    std::array<char, 16 * 1024> buffer;
    while (true) {
      auto const got = co_await peer_->read_some(asio::buffer(buffer));
      if (!got) co_return;
      if (co_await print({buffer.data(), *got})) co_return;
    }
  }

  awaitable<error_code> print(std::string_view bytes) {
    while (!bytes.empty()) {
      if (error_code const ec = co_await ready(output_, descriptor::wait_write)) co_return ec;
      // What a pipe that is ready takes without waiting.
      auto const written = ::write(output_.native_handle(), bytes.data(),
                                   std::min<std::size_t>(bytes.size(), PIPE_BUF));
      if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (written < 0) co_return error_code(errno, boost::system::system_category());
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    co_return error_code();
  }

  std::unique_ptr<net::stream> peer_;
  descriptor input_;
  descriptor output_;
  net::event asked_;     // nothing more comes from the input, or nobody answers any more
  net::event answered_;  // the peer has closed, or nobody reads what it says
  net::task_group directions_;
};

}  // namespace

awaitable<std::string> steps_proxy(net::time_source& time, steps_proxy_options how) {
  auto const where = net::unix_endpoint(how.socket);
  if (!where) co_return fmt::format("dialing {}: {}", how.socket.string(), where.error().message());
  auto peer = co_await net::connect_socket(*where);
  if (!peer) co_return fmt::format("dialing {}: {}", how.socket.string(), peer.error().message());
  auto const executor = co_await asio::this_coro::executor;
  proxy one(executor, std::move(*peer), how);
  co_await one.run(time);
  co_return std::string();
}

std::filesystem::path default_steps_socket() {
  std::error_code unknown;
  auto const base = std::filesystem::temp_directory_path(unknown);
  return (unknown ? std::filesystem::path("/tmp") : base) / "step-runner.sock";
}

}  // namespace corunner
