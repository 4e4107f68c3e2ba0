#include "runner/wrapper/messages.hpp"

#include "exec/archive/utf8.hpp"
#include "net/error.hpp"
#include "net/protobuf.hpp"

#include <array>
#include <functional>

namespace corunner {

namespace {

using net::protobuf_field;
using net::protobuf_reader;
using field_reader = std::function<error_code(protobuf_field const&)>;

// Hands every field to `take`; the first error ends it.
error_code read_fields(std::string_view message, field_reader const& take) {
  protobuf_reader reader(message);
  while (true) {
    auto const field = reader.next();
    if (!field) return field.error();
    if (!*field) return {};
    if (error_code const ec = take(**field)) return ec;
  }
}

error_code take_bytes(protobuf_field const& from, std::string_view& into) {
  if (from.type != protobuf_field::kind::bytes) return net::errc::bad_message;
  into = from.bytes;
  return {};
}

error_code take_text(protobuf_field const& from, std::string& into) {
  if (from.type != protobuf_field::kind::bytes || !exec::is_utf8(from.bytes)) {
    return net::errc::bad_message;
  }
  into = from.bytes;
  return {};
}

// An entry of a map is a message of a key and a value.
error_code read_header(std::string_view entry, net::http_fields& into) {
  std::string name;
  std::string value;
  error_code const ec = read_fields(entry, [&](protobuf_field const& field) {
    if (field.id == 1) return take_text(field, name);
    if (field.id == 2) return take_text(field, value);
    return error_code();
  });
  if (!ec) into.set(name, value);
  return ec;
}

error_code read_callback(std::string_view message, shutdown_callback& into) {
  return read_fields(message, [&](protobuf_field const& field) {
    if (field.id == 1) return take_text(field, into.url);
    if (field.id == 2) return take_text(field, into.method);
    if (field.id != 3) return error_code();
    std::string_view entry;
    if (error_code const ec = take_bytes(field, entry)) return ec;
    return read_header(entry, into.headers);
  });
}

constexpr std::array<std::string_view, 4> names = {"unknown", "running", "in_shutdown", "stopped"};

}  // namespace

std::string_view name_of(wrapped_status status) { return names[static_cast<std::size_t>(status)]; }

std::string encode(status_answer const& what) {
  net::protobuf_writer writer;
  writer.number(1, static_cast<std::uint64_t>(what.status));
  writer.text(2, what.failure_reason);
  return writer.message();
}

result<shutdown_callback> decode_graceful_shutdown(std::string_view message) {
  shutdown_callback callback;
  error_code const ec = read_fields(message, [&](protobuf_field const& field) {
    if (field.id != 1) return error_code();
    std::string_view inner;
    if (error_code const bad = take_bytes(field, inner)) return bad;
    return read_callback(inner, callback);
  });
  if (ec) return ec;
  return callback;
}

error_code check_empty_request(std::string_view message) {
  return read_fields(message, [](protobuf_field const&) { return error_code(); });
}

}  // namespace corunner
