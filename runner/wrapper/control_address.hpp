#pragma once

#include "config/failure.hpp"
#include "net/stream.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace corunner {

// Where the control server listens: "tcp://host:port" or "unix:///path" (also "unix:/path").
struct control_address {
  std::string host;  // with its port, as it stands in the URL: "localhost:7777", "[::1]:0", ""
  std::filesystem::path unix_path;
  bool on_unix = false;

  bool operator==(control_address const&) const = default;
};

// The messages are those of GitLab Runner (cli.md 10), as its URLs are read.
config::outcome<control_address> parse_control_address(std::string_view text);

// Opens it. An empty host is every address of this machine, no port (but ':') a free one; a socket
// file that nobody listens on any more is replaced. The messages are those of Go: "listen tcp
// 127.0.0.1:7777: bind: address already in use".
config::outcome<std::unique_ptr<net::listener>> listen_for_control(asio::any_io_executor executor,
                                                                   control_address const& where);

}  // namespace corunner
