#include "net/grpc/status.hpp"

#include <fmt/format.h>

namespace corunner::net {

void add_grpc_status(http_fields& to, grpc_status const& what) {
  to.add("grpc-status", fmt::format("{}", static_cast<int>(what.code)));
  if (!what.message.empty()) to.add("grpc-message", grpc_message_text(what.message));
}

std::string grpc_message_text(std::string_view message) {
  std::string text;
  for (char const c : message) {
    if (c >= ' ' && c <= '~' && c != '%') {
      text += c;
    } else {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

}  // namespace corunner::net
