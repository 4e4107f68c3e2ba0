#include "net/proxy_error.hpp"

#include "net/http_text.hpp"

#include <boost/system/error_category.hpp>
#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

namespace corunner::net {
namespace {

constexpr std::array<std::string_view, 11> socks_replies = {
    "it answers in another protocol",
    "general SOCKS server failure",
    "connection not allowed by ruleset",
    "network unreachable",
    "host unreachable",
    "connection refused",
    "TTL expired",
    "command not supported",
    "address type not supported",
    "user name or password refused",
    "no acceptable authentication method"};

class category final : public boost::system::error_category {
 public:
  char const* name() const noexcept override { return "proxy"; }
  std::string message(int code) const override {
    auto const socks = static_cast<std::size_t>(code) < socks_replies.size();
    return "the proxy did not open a tunnel: " +
           (socks ? std::string(socks_replies[static_cast<std::size_t>(code)])
                  : fmt::format("{} {}", code, status_text(code)));
  }
};

}  // namespace

boost::system::error_code proxy_error(int answer) {
  static category const instance;
  return {answer, instance};
}

void explain_proxy_failure(std::string* explanation, std::string const& host, std::uint16_t port,
                           boost::system::error_code const& why) {
  if (!explanation) return;
  *explanation = fmt::format("proxyconnect tcp: {}:{}: {}", host, port,
                             explanation->empty() ? why.message() : *explanation);
}

}  // namespace corunner::net
