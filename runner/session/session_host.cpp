#include "runner/session/session_host.hpp"

#include <optional>
#include <string_view>

namespace corunner {
namespace {

// The host of `host:port`, which may be empty; nothing when it is not of that form.
std::optional<std::string_view> host_of(std::string_view address) {
  auto const colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto const host = address.substr(0, colon);
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return std::nullopt;
    return host.substr(1, host.size() - 2);
  }
  if (host.find(':') != std::string_view::npos) return std::nullopt;
  return host;
}

}  // namespace

config::outcome<session_host> session_host_of(config::session_server const& settings) {
  auto const& advertised = settings.advertise_address;
  if (advertised.starts_with("http://") || advertised.starts_with("https://")) {
    return config::failure{"url not valid, scheme defined"};
  }
  session_host found;
  for (auto const* const address : {&advertised, &settings.listen_address}) {
    if (address->empty()) continue;
    auto const host = host_of(*address);
    if (!host) found.unreadable.push_back(*address);
    if (!host || host->empty()) continue;
    found.name = *host;
    return found;
  }
  return config::failure{"no valid address provided"};
}

}  // namespace corunner
