#include "net/protobuf.hpp"

#include "net/error.hpp"

#include <array>

namespace corunner::net {
namespace {

constexpr std::uint64_t largest_id = (1U << 29) - 1;
constexpr std::uint64_t group_begin = 3;
constexpr std::uint64_t group_end = 4;
constexpr std::size_t deepest_group = 32;

}  // namespace

result<std::uint64_t> protobuf_reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) return errc::bad_message;
    auto const byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    auto const bits = static_cast<std::uint64_t>(byte & 0x7f);
    if (shift == 63 && bits > 1) return errc::bad_message;
    value |= bits << shift;
    if ((byte & 0x80) == 0) return value;
  }
  return errc::bad_message;
}

result<std::uint64_t> protobuf_reader::fixed(std::size_t size) {
  if (rest_.size() < size) return errc::bad_message;
  std::uint64_t value = 0;
  for (std::size_t at = size; at > 0; --at) {
    value = value << 8 | static_cast<unsigned char>(rest_[at - 1]);
  }
  rest_.remove_prefix(size);
  return value;
}

error_code protobuf_reader::value(protobuf_field& of) {
  using kind = protobuf_field::kind;
  auto const read = of.type == kind::fixed64   ? fixed(8)
                    : of.type == kind::fixed32 ? fixed(4)
                                               : varint();
  if (!read) return read.error();
  if (of.type != kind::bytes) {
    of.number = *read;
    return {};
  }
  if (*read > rest_.size()) return errc::bad_message;
  of.bytes = rest_.substr(0, *read);
  rest_.remove_prefix(*read);
  return {};
}

result<std::optional<protobuf_field>> protobuf_reader::next() {
  while (!rest_.empty()) {
    auto const key = varint();
    if (!key) return key.error();
    auto const id = *key >> 3;
    auto const type = *key & 7;
    if (id == 0 || id > largest_id) return errc::bad_message;
    protobuf_field field{.id = static_cast<std::uint32_t>(id)};
    if (type == group_begin) {
      if (error_code const ec = skip_group(field.id)) return ec;
      continue;
    }
    if (type == group_end || type > 5) return errc::bad_message;
    field.type = static_cast<protobuf_field::kind>(type);
    if (error_code const ec = value(field)) return ec;
    return field;
  }
  return std::optional<protobuf_field>();
}

// What comes until the group's own end.
error_code protobuf_reader::skip_group(std::uint32_t id) {
  std::array<std::uint64_t, deepest_group> open{id};
  std::size_t depth = 1;
  while (depth > 0) {
    auto const key = varint();
    if (!key) return key.error();
    auto const inner = *key >> 3;
    auto const type = *key & 7;
    if (inner == 0 || inner > largest_id || type > 5) return errc::bad_message;
    if (type == group_begin) {
      if (depth == deepest_group) return errc::bad_message;
      open[depth++] = inner;
    } else if (type == group_end) {
      if (open[--depth] != inner) return errc::bad_message;
    } else {
      protobuf_field passed{.type = static_cast<protobuf_field::kind>(type)};
      if (error_code const ec = value(passed)) return ec;
    }
  }
  return {};
}

void protobuf_writer::varint(std::uint64_t value) {
  for (; value > 0x7f; value >>= 7) message_ += static_cast<char>((value & 0x7f) | 0x80);
  message_ += static_cast<char>(value);
}

void protobuf_writer::number(std::uint32_t id, std::uint64_t value) {
  if (value == 0) return;
  varint(static_cast<std::uint64_t>(id) << 3);
  varint(value);
}

void protobuf_writer::text(std::uint32_t id, std::string_view value) {
  if (!value.empty()) bytes(id, value);
}

void protobuf_writer::bytes(std::uint32_t id, std::string_view value) {
  varint(static_cast<std::uint64_t>(id) << 3 | 2);
  varint(value.size());
  message_ += value;
}

}  // namespace corunner::net
