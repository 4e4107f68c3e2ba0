#pragma once

#include "net/grpc/status.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace corunner::net {

// How one message stands in a body: a byte that says whether it is compressed, its size in four
// bytes, the most significant first, and its bytes. What a size may be is the reader's limit.

// The message with what stands before it. Not compressed; below 4 GiB.
std::string grpc_frame(std::string_view message);

// The only message of a body, a part of it; or why the call fails: the body is cut off or holds no
// message or several, the message is over `limit`, or compressed, which we never said we
// understand.
std::variant<std::string_view, grpc_status> single_grpc_message(std::string_view body,
                                                                std::size_t limit);

// The value of grpc-timeout: one to eight digits and a unit of H, M, S, m, u, n; more than a year
// is a year. Nothing for other text.
std::optional<std::chrono::nanoseconds> parse_grpc_timeout(std::string_view text);

}  // namespace corunner::net
