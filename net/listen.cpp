#include "net/name_files.hpp"
#include "net/socket_stream.hpp"
#include "net/sockets.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace corunner::net {
namespace {

using stream_acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

class socket_listener final : public listener {
 public:
  socket_listener(stream_acceptor acceptor, std::string address, std::filesystem::path file)
      : acceptor_(std::move(acceptor)), address_(std::move(address)), file_(std::move(file)) {}
  ~socket_listener() override { close(); }

  awaitable<result<std::unique_ptr<stream>>> accept() override {
    auto [ec, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return ec;
    prepare_accepted(socket);
    co_return make_socket_stream(std::move(socket));
  }

  std::string address() const override { return address_; }

  void close() noexcept override {
    if (!acceptor_.is_open()) return;
    error_code ignored;
    acceptor_.close(ignored);
    if (!file_.empty()) ::unlink(file_.c_str());
  }

 private:
  stream_acceptor acceptor_;
  std::string address_;
  std::filesystem::path file_;
};

error_code last_error() { return {errno, boost::system::system_category()}; }

// A descriptor that is closed unless it was handed on.
struct owned_descriptor {
  int fd = -1;
  ~owned_descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int release() { return std::exchange(fd, -1); }
};

result<std::unique_ptr<listener>> start_listening(asio::any_io_executor executor,
                                                  owned_descriptor& socket,
                                                  stream_endpoint const& at,
                                                  std::filesystem::path file) {
  if (::listen(socket.fd, SOMAXCONN) != 0) return last_error();
  stream_acceptor acceptor(std::move(executor));
  error_code ec;
  acceptor.assign(at.protocol(), socket.fd, ec);
  if (ec) return ec;
  socket.release();
  auto address = describe(acceptor.local_endpoint(ec));
  if (ec) return ec;
  return std::make_unique<socket_listener>(std::move(acceptor), std::move(address),
                                           std::move(file));
}

int new_socket(int family) {
  return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

result<std::unique_ptr<listener>> listen_at(asio::any_io_executor executor,
                                            asio::ip::tcp::endpoint const& at) {
  constexpr int on = 1;
  constexpr int off = 0;
  stream_endpoint const generic(at);
  owned_descriptor socket{new_socket(generic.protocol().family())};
  if (socket.fd < 0) return last_error();
  ::setsockopt(socket.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // The wildcard serves both families.
  if (at.address().is_v6()) ::setsockopt(socket.fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(socket.fd, generic.data(), static_cast<socklen_t>(generic.size())) != 0) {
    return last_error();
  }
  return start_listening(std::move(executor), socket, generic, {});
}

// True when the socket file is there but its owner is gone. Any other file refuses connections,
// too.
bool is_abandoned(std::filesystem::path const& path, stream_endpoint const& at) {
  struct stat what {};
  if (::lstat(path.c_str(), &what) != 0 || !S_ISSOCK(what.st_mode)) return false;
  owned_descriptor const probe{new_socket(AF_UNIX)};
  return probe.fd >= 0 &&
         ::connect(probe.fd, at.data(), static_cast<socklen_t>(at.size())) != 0 &&
         errno == ECONNREFUSED;
}

}  // namespace

result<std::unique_ptr<listener>> listen_tcp(asio::any_io_executor executor,
                                             std::string const& host, std::uint16_t port) {
  using asio::ip::tcp;
  if (host.empty()) {
    auto both = listen_at(executor, tcp::endpoint(tcp::v6(), port));
    // A kernel without IPv6.
    if (both || both.error() != boost::system::errc::address_family_not_supported) return both;
    return listen_at(std::move(executor), tcp::endpoint(tcp::v4(), port));
  }
  auto const addresses = local_addresses(host);
  if (addresses.empty()) return error_code(asio::error::host_not_found);
  return listen_at(std::move(executor), tcp::endpoint(addresses.front(), port));
}

result<std::unique_ptr<listener>> listen_unix(asio::any_io_executor executor,
                                              std::filesystem::path const& path) {
  auto const made = unix_endpoint(path);
  if (!made) return made.error();
  stream_endpoint const at(*made);
  owned_descriptor socket{new_socket(AF_UNIX)};
  if (socket.fd < 0) return last_error();
  auto const size = static_cast<socklen_t>(at.size());
  if (::bind(socket.fd, at.data(), size) != 0) {
    if (errno != EADDRINUSE) return last_error();
    if (!is_abandoned(path, at)) return error_code(asio::error::address_in_use);
    ::unlink(path.c_str());
    if (::bind(socket.fd, at.data(), size) != 0) return last_error();
  }
  // Nobody can connect before listen(), so nobody gets in under a wider mode.
  if (::chmod(path.c_str(), 0600) != 0) return last_error();
  return start_listening(std::move(executor), socket, at, path);
}

}  // namespace corunner::net
