#pragma once

#include "net/http_message.hpp"

#include <string>
#include <string_view>

namespace corunner::net {

// What a call came to (the codes of gRPC, by their numbers on the wire).
enum class grpc_code {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16,
};

struct grpc_status {
  grpc_code code = grpc_code::ok;
  std::string message;  // for people; empty when all is well

  bool ok() const { return code == grpc_code::ok; }
  bool operator==(grpc_status const&) const = default;
};

// Adds grpc-status and, unless it is empty, grpc-message.
void add_grpc_status(http_fields& to, grpc_status const& what);

// How grpc-message is spelled: everything but printable ASCII, and '%', as %XX.
std::string grpc_message_text(std::string_view message);

}  // namespace corunner::net
