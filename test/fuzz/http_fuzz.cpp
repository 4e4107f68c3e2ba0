// Feeds arbitrary bytes to everything in net/ that parses what a peer may send: HTTP messages,
// URLs, DNS replies, hosts files. The first byte chooses which.
//
// Beyond not crashing: a message means the same whether it arrives whole or in pieces, and what a
// parser hands out never exceeds the room that it was given.
#include "net/dns_message.hpp"
#include "net/http_parser.hpp"
#include "net/name_files.hpp"
#include "net/url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace corunner;
using net::http_parser;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct outcome {
  bool failed = false;
  bool done = false;
  int status = 0;
  std::string target;
  std::size_t fields = 0;
  std::string body;
  bool operator==(outcome const&) const = default;
};

outcome parse(http_parser::kind kind, std::string_view text, std::size_t piece) {
  http_parser parser(kind, 4096);
  outcome got;
  std::array<char, 64> room;
  std::size_t at = 0;
  std::size_t available = std::min(piece, text.size());
  while (!parser.done()) {
    auto const into = asio::buffer(room.data(), std::min(room.size(), piece));
    auto const took = parser.put(text.substr(at, available - at), into);
    if (!took) {
      got.failed = true;
      return got;
    }
    require(took->consumed <= available - at && took->produced <= into.size());
    at += took->consumed;
    got.body.append(room.data(), took->produced);
    if (took->consumed > 0 || took->produced > 0) continue;
    if (available == text.size()) break;
    available = std::min(available + piece, text.size());
  }
  if (!parser.done()) got.failed = static_cast<bool>(parser.put_eof());
  got.done = parser.done();
  if (got.failed || !parser.head_done()) return got;
  got.status = parser.head().status;
  got.target = parser.head().target;
  got.fields = parser.head().fields.size();
  return got;
}

void try_http(http_parser::kind kind, std::string_view text) {
  auto const whole = parse(kind, text, std::max<std::size_t>(text.size(), 1));
  if (whole.failed) return;  // pieces may fail earlier or later, but never succeed otherwise
  require(parse(kind, text, 1) == whole);
  require(parse(kind, text, 7) == whole);
}

void try_url(std::string_view text) {
  auto const made = net::parse_url(text);
  if (!made) return;
  auto const again = net::parse_url(made->to_string(true));
  require(again.has_value() && *again == *made);
  (void)net::resolve_url(*made, text);
  (void)net::resolve_url(*made, text.substr(text.size() / 2));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 0: try_http(http_parser::kind::request, text); break;
    case 1: try_http(http_parser::kind::response, text); break;
    case 2: try_http(http_parser::kind::response_to_head, text); break;
    case 3: try_url(text); break;
    case 4:
      if (text.size() > 2) {
        auto const id = static_cast<std::uint16_t>(static_cast<unsigned char>(text[0]) << 8 |
                                                   static_cast<unsigned char>(text[1]));
        (void)net::dns_addresses(text, id, net::dns_type::a);
        (void)net::dns_addresses(text, id, net::dns_type::aaaa);
      }
      break;
    case 5:
      (void)net::hosts_addresses(text, "localhost");
      (void)net::names_to_ask(net::parse_resolv_conf(text), "a.b");
      break;
  }
  return 0;
}
