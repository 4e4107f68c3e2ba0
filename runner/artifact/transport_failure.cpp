#include "runner/artifact/transport_failure.hpp"

#include "net/error.hpp"

namespace corunner {

std::string cause_of(error_code const& ec) {
  if (ec == asio::error::eof || ec == net::errc::incomplete_body) return "EOF";
  if (ec == asio::error::timed_out) {
    return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
  }
  if (ec == net::errc::response_timeout) return "net/http: timeout awaiting response headers";
  auto text = ec.message();
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] += 'a' - 'A';
  return text;
}

}  // namespace corunner
