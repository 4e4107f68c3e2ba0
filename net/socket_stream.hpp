#pragma once

#include "net/dialer.hpp"
#include "net/stream.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <memory>
#include <string>

namespace corunner::net {

// One socket type for TCP and unix, so that its operations are compiled once.
using stream_socket = asio::generic::stream_protocol::socket;
using stream_endpoint = asio::generic::stream_protocol::endpoint;

// An open, non-blocking, close-on-exec socket for `to`'s family; TCP ones with TCP_NODELAY and
// keep-alive probes every 30 s.
result<stream_socket> open_socket(asio::any_io_executor executor, stream_endpoint const& to);
// The same settings for a socket that accept() gave.
void prepare_accepted(stream_socket& socket);

awaitable<result<std::unique_ptr<stream>>> connect_socket(stream_endpoint to);
std::unique_ptr<stream> make_socket_stream(stream_socket socket);

// "127.0.0.1:80", "[::1]:80", "unix:/path" or "unix".
std::string describe(stream_endpoint const& endpoint);

// An endpoint of a unix socket; asio::error::name_too_long when the path does not fit.
result<asio::local::stream_protocol::endpoint> unix_endpoint(std::filesystem::path const& path);

}  // namespace corunner::net
