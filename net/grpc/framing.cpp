#include "net/grpc/framing.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace corunner::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t prefix = 5;

// Longer than any call; what a deadline can be reckoned with.
constexpr std::chrono::nanoseconds longest_timeout = 365 * 24h;

constexpr std::array<std::pair<char, std::chrono::nanoseconds>, 6> units{
    {{'H', 1h}, {'M', 1min}, {'S', 1s}, {'m', 1ms}, {'u', 1us}, {'n', 1ns}}};

}  // namespace

std::string grpc_frame(std::string_view message) {
  std::string frame(1, '\0');
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame += static_cast<char>(message.size() >> shift & 0xff);
  }
  return frame.append(message);
}

std::variant<std::string_view, grpc_status> single_grpc_message(std::string_view body,
                                                                std::size_t limit) {
  if (body.empty()) return grpc_status{grpc_code::unimplemented, "the call has no message"};
  if (body.size() < prefix) return grpc_status{grpc_code::internal, "a message is cut off"};
  if (body[0] == 1) return grpc_status{grpc_code::unimplemented, "the message is compressed"};
  if (body[0] != 0) {
    return grpc_status{grpc_code::internal, "a message begins with an unknown flag"};
  }
  std::size_t size = 0;
  for (char const c : body.substr(1, prefix - 1)) size = size << 8 | static_cast<unsigned char>(c);
  if (size > limit) {
    return grpc_status{grpc_code::resource_exhausted,
                       "the message is larger than " + std::to_string(limit) + " bytes"};
  }
  auto const rest = body.substr(prefix);
  if (rest.size() < size) return grpc_status{grpc_code::internal, "a message is cut off"};
  if (rest.size() > size) {
    return grpc_status{grpc_code::unimplemented, "the call has more than one message"};
  }
  return rest;
}

std::optional<std::chrono::nanoseconds> parse_grpc_timeout(std::string_view text) {
  if (text.size() < 2 || text.size() > 9) return std::nullopt;
  auto const* const unit =
      std::ranges::find(units, text.back(), [](auto const& u) { return u.first; });
  if (unit == units.end()) return std::nullopt;
  std::uint32_t number = 0;
  auto const* const last = text.data() + text.size() - 1;
  auto const [end, ec] = std::from_chars(text.data(), last, number);
  if (ec != std::errc() || end != last) return std::nullopt;
  return number > longest_timeout / unit->second ? longest_timeout : number * unit->second;
}

}  // namespace corunner::net
