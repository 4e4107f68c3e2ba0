#include "net/socket_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <tuple>
#include <unistd.h>

namespace corunner::net {
namespace {

constexpr int probe_seconds = 30;

error_code last_error() { return {errno, boost::system::system_category()}; }

bool is_tcp(int family) { return family == AF_INET || family == AF_INET6; }

// Best effort: a socket without them still works.
void set_tcp_options(int fd) {
  constexpr int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &probe_seconds, sizeof probe_seconds);
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &probe_seconds, sizeof probe_seconds);
}

class socket_stream final : public stream {
 public:
  explicit socket_stream(stream_socket socket) : socket_(std::move(socket)) {}

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
    auto const [ec, size] =
        co_await socket_.async_read_some(asio::buffer(into), asio::as_tuple(asio::use_awaitable));
    if (ec) co_return ec;
    co_return size;
  }

  awaitable<error_code> write(asio::const_buffer bytes) override {
    while (bytes.size() > 0) {
      auto const [ec, size] = co_await socket_.async_write_some(
          asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
      if (ec) co_return ec;
      bytes += size;
    }
    co_return error_code();
  }

  awaitable<error_code> shutdown_write() override {
    error_code ec;
    socket_.shutdown(stream_socket::shutdown_send, ec);
    co_return ec;
  }

  void close() noexcept override {
    error_code ignored;
    socket_.close(ignored);
  }

  bool quiet() const override {
    if (!socket_.is_open()) return false;
    pollfd one{const_cast<stream_socket&>(socket_).native_handle(), POLLIN | POLLRDHUP, 0};
    return ::poll(&one, 1, 0) == 0;
  }

  std::string peer() const override {
    error_code ec;
    auto const endpoint = socket_.remote_endpoint(ec);
    return ec ? std::string() : describe(endpoint);
  }

 private:
  stream_socket socket_;
};

}  // namespace

result<stream_socket> open_socket(asio::any_io_executor executor, stream_endpoint const& to) {
  auto const family = to.protocol().family();
  int const fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return last_error();
  if (is_tcp(family)) set_tcp_options(fd);
  stream_socket made(std::move(executor));
  error_code ec;
  made.assign(to.protocol(), fd, ec);
  if (ec) {
    ::close(fd);
    return ec;
  }
  return made;
}

void prepare_accepted(stream_socket& socket) {
  int const fd = socket.native_handle();
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  error_code ec;
  if (is_tcp(socket.local_endpoint(ec).protocol().family())) set_tcp_options(fd);
}

awaitable<result<std::unique_ptr<stream>>> connect_socket(stream_endpoint to) {
  auto socket = open_socket(co_await asio::this_coro::executor, to);
  if (!socket) co_return socket.error();
  auto const [ec] = co_await socket->async_connect(to, asio::as_tuple(asio::use_awaitable));
  if (ec) co_return ec;
  co_return make_socket_stream(std::move(*socket));
}

std::unique_ptr<stream> make_socket_stream(stream_socket socket) {
  return std::make_unique<socket_stream>(std::move(socket));
}

std::string describe(stream_endpoint const& endpoint) {
  auto const family = endpoint.protocol().family();
  if (is_tcp(family)) {
    asio::ip::tcp::endpoint tcp;
    std::memcpy(tcp.data(), endpoint.data(), std::min(endpoint.size(), tcp.capacity()));
    auto const address = tcp.address().to_string();
    return family == AF_INET6 ? fmt::format("[{}]:{}", address, tcp.port())
                              : fmt::format("{}:{}", address, tcp.port());
  }
  if (family != AF_UNIX || endpoint.size() <= offsetof(sockaddr_un, sun_path)) return "unix";
  auto const* name = reinterpret_cast<sockaddr_un const*>(endpoint.data())->sun_path;
  auto const size = ::strnlen(name, endpoint.size() - offsetof(sockaddr_un, sun_path));
  return size == 0 ? "unix" : "unix:" + std::string(name, size);
}

result<asio::local::stream_protocol::endpoint> unix_endpoint(std::filesystem::path const& path) {
  if (path.native().size() >= sizeof(sockaddr_un::sun_path)) {
    return error_code(asio::error::name_too_long);
  }
  return asio::local::stream_protocol::endpoint(path.native());
}

}  // namespace corunner::net
