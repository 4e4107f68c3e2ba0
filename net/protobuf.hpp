#pragma once

#include "net/asio.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::net {

// Protocol buffers' wire format, field by field
// (https://protobuf.dev/programming-guides/encoding/). What the fields mean is for whoever reads
// them: unknown ones are passed over by going on to the next.

// One field of a message. `number` is its value when it is a varint or of fixed size, `bytes` when
// it has a length: text, bytes, or a message in it. A part of what is read.
struct protobuf_field {
  enum class kind { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

  std::uint32_t id = 0;
  kind type = kind::varint;
  std::uint64_t number = 0;
  std::string_view bytes;

  bool operator==(protobuf_field const&) const = default;
};

// Reads a message's fields in their order. Strict: a number of more than 64 bits, a field number of
// 0 or above 2^29 - 1, an unknown type, a length beyond the end, and a group (which nobody uses any
// more) that is not closed or nested more than 32 deep are errc::bad_message. Groups themselves are
// passed over.
class protobuf_reader {
 public:
  explicit protobuf_reader(std::string_view message) : rest_(message) {}

  // The next field; nothing at the end.
  result<std::optional<protobuf_field>> next();

 private:
  result<std::uint64_t> varint();
  result<std::uint64_t> fixed(std::size_t size);
  error_code value(protobuf_field& of);
  error_code skip_group(std::uint32_t id);

  std::string_view rest_;
};

// Writes a message. Values that are their type's default are left out, as proto3 does.
class protobuf_writer {
 public:
  void number(std::uint32_t id, std::uint64_t value);
  void text(std::uint32_t id, std::string_view value);
  // Text that may be empty, and messages: always written.
  void bytes(std::uint32_t id, std::string_view value);

  std::string const& message() const { return message_; }

 private:
  void varint(std::uint64_t value);

  std::string message_;
};

}  // namespace corunner::net
