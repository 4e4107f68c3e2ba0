#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"
#include "runner/observe/log.hpp"

#include <boost/asio/local/datagram_protocol.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace corunner {

// The syslog daemon of this machine (RFC 3164, facility daemon). A line that it has no room for, or
// that comes while it is away, is lost: nobody waits for it.
class system_log {
 public:
  static constexpr auto usual_place = "/dev/log";

  system_log(asio::any_io_executor executor, net::time_source const& time, std::string tag,
             std::filesystem::path place = usual_place);

  // Whether the daemon is there; write() tries again when it was not.
  error_code connect();
  void write(log_level level, std::string_view text);

 private:
  using socket = asio::local::datagram_protocol::socket;

  net::time_source const& time_;
  std::string tag_;
  std::filesystem::path place_;
  socket socket_;
};

}  // namespace corunner
