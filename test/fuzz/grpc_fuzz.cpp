// Feeds arbitrary bytes to what reads gRPC: HTTP/2 frames, framed messages, deadlines, protocol
// buffers. The first byte chooses which.
//
// Beyond not crashing: a connection means the same whether its bytes arrive whole or in pieces,
// what it has open and hands out stays within its limits, and a protocol buffer that was read reads
// the same when its fields are written again.
#include "net/grpc/framing.hpp"
#include "net/http2/server_protocol.hpp"
#include "net/protobuf.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace corunner;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr net::http2_limits limits{.streams = 4, .header = 512, .body = 256, .withdrawn = 8};

// What a connection came to: its requests, in order, as text.
std::vector<std::string> converse(std::string_view text, std::size_t piece) {
  net::http2_server_protocol protocol(limits);
  std::vector<std::string> requests;
  while (!text.empty() && !protocol.over()) {
    auto const bytes = text.substr(0, piece);
    text.remove_prefix(bytes.size());
    if (protocol.put(bytes)) break;
    while (auto request = protocol.next_request()) {
      require(request->body.size() <= limits.body);
      requests.push_back(request->method + ' ' + request->path + '\n' + request->body);
      net::http2_response response;
      response.body = request->body;
      response.trailers.add("grpc-status", "0");
      if (request->path != "/never") protocol.answer(request->stream, std::move(response));
    }
    require(protocol.streams().size() <= limits.streams);
    while (!protocol.take_output().empty()) {
    }
  }
  return requests;
}

void try_http2(std::string_view text) {
  auto const whole = converse(text, std::max<std::size_t>(text.size(), 1));
  auto const bytewise = converse(text, 1);
  // Answers go out earlier when bytes come one by one, so that more may fit: what was there is
  // there.
  require(bytewise.size() >= whole.size());
}

struct fields {
  bool good = false;
  std::string written;
};

fields read_and_write(std::string_view message) {
  net::protobuf_reader reader(message);
  net::protobuf_writer writer;
  while (true) {
    auto const field = reader.next();
    if (!field) return {};
    if (!*field) return {true, writer.message()};
    auto const& what = **field;
    if (what.type == net::protobuf_field::kind::bytes) writer.bytes(what.id, what.bytes);
    else writer.number(what.id, what.number);
  }
}

void try_protobuf(std::string_view text) {
  auto const first = read_and_write(text);
  if (!first.good) return;
  auto const second = read_and_write(first.written);
  require(second.good && second.written == first.written);
}

void try_framing(std::string_view text) {
  constexpr std::size_t limit = 100;
  auto const got = net::single_grpc_message(text, limit);
  if (auto const* const message = std::get_if<std::string_view>(&got)) {
    require(message->size() <= limit && net::grpc_frame(*message) == text);
  }
  (void)net::parse_grpc_timeout(text);
  for (char const c : net::grpc_message_text(text)) require(c >= ' ' && c <= '~');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
  // The preface and empty SETTINGS, which a search would take long to find.
  std::string const greeting("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);
  switch (data[0] % 4) {
    case 0: try_http2(text); break;
    case 1: try_http2(greeting + std::string(text)); break;
    case 2: try_protobuf(text); break;
    case 3: try_framing(text); break;
  }
  return 0;
}
