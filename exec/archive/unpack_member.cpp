#include "exec/archive/unpack_member.hpp"

#include "exec/archive/byte_order.hpp"
#include "exec/archive/crc32.hpp"
#include "exec/archive/unpacker.hpp"
#include "exec/archive/zip_format.hpp"

#include <libdeflate.h>

#include <memory>
#include <new>

namespace corunner::exec {
namespace {

constexpr std::size_t local_size = 30;
constexpr std::uint64_t whole_limit = 4 << 20;  // members up to this are unpacked in one go
constexpr std::size_t piece = 256 << 10;

constexpr char const* ended_early = "unexpected EOF";
constexpr char const* bad_checksum = "zip: checksum error";
constexpr char const* unknown_method = "zip: unsupported compression algorithm";

struct freer {
  void operator()(libdeflate_decompressor* made) const { libdeflate_free_decompressor(made); }
};

libdeflate_decompressor* decompressor() {
  static thread_local std::unique_ptr<libdeflate_decompressor, freer> const mine(
      libdeflate_alloc_decompressor());
  if (!mine) throw std::bad_alloc();
  return mine.get();
}

// Where the data begins: behind the local header, whose name and extra field may differ in length
// from those of the central directory.
std::optional<std::uint64_t> begin_of_data(input_file const& file, zip_member const& member,
                                           std::string& failure) {
  auto const header = file.read(member.offset, local_size, failure);
  if (!header) return std::nullopt;
  if (header->size() < local_size || get<std::uint32_t>(*header, 0) != 0x04034b50) {
    failure = not_a_zip;
    return std::nullopt;
  }
  return member.offset + local_size + get<std::uint16_t>(*header, 26) +
         get<std::uint16_t>(*header, 28);
}

std::string inflate_whole(std::string_view packed, std::string& into) {
  std::size_t size = 0;
  auto const how = libdeflate_deflate_decompress(decompressor(), packed.data(), packed.size(),
                                                 into.data(), into.size(), &size);
  if (how == LIBDEFLATE_INSUFFICIENT_SPACE) return not_a_zip;
  if (how == LIBDEFLATE_BAD_DATA) return "flate: corrupt input";
  return size < into.size() ? ended_early : "";
}

// Small members: everything at once.
std::string unpack_whole(input_file const& file, zip_member const& member, std::uint64_t at,
                         std::function<bool(std::string_view)> const& write) {
  std::string failure;
  auto raw = file.read(at, member.packed, failure);
  if (!raw) return failure;
  if (raw->size() < member.packed) return ended_early;
  if (member.method == static_cast<std::uint16_t>(zip_method::deflate)) {
    std::string content(member.size, '\0');
    failure = inflate_whole(*raw, content);
    if (!failure.empty()) return failure;
    raw = std::move(content);
  }
  if (raw->size() != member.size) return raw->size() < member.size ? ended_early : not_a_zip;
  if (crc32(*raw) != member.crc) return bad_checksum;
  return write(*raw) ? "" : "write failed";
}

// Anything else: a piece at a time.
std::string unpack_in_pieces(input_file const& file, zip_member const& member, std::uint64_t at,
                             std::function<bool(std::string_view)> const& write) {
  auto const with = make_unpacker(member.method);
  std::uint64_t left = member.packed;
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  std::string failure;
  auto const take = [&](std::string_view bytes) {
    size += bytes.size();
    crc = crc32(bytes, crc);
    if (size > member.size) failure = not_a_zip;
    if (failure.empty() && !write(bytes)) failure = "write failed";
    return failure.empty();
  };
  while (left > 0 && !with->ended()) {
    auto const packed = file.read(at, std::min<std::uint64_t>(left, piece), failure);
    if (!packed) return failure;
    if (packed->empty()) return ended_early;
    at += packed->size();
    left -= packed->size();
    auto const why = with->feed(*packed, take);
    if (!failure.empty()) return failure;
    if (!why.empty()) return why;
  }
  if (size < member.size || !with->complete()) return ended_early;
  return crc == member.crc ? "" : bad_checksum;
}

}  // namespace

bool can_unpack(zip_member const& member) {
  switch (static_cast<zip_method>(member.method)) {
    case zip_method::store:
    case zip_method::deflate:
    case zip_method::zstd: return true;
  }
  return false;
}

std::string unpack_member(input_file const& file, zip_member const& member,
                          std::function<bool(std::string_view)> const& write) {
  if (!can_unpack(member)) return unknown_method;
  std::string failure;
  auto const at = begin_of_data(file, member, failure);
  if (!at) return failure;
  bool const small = member.size <= whole_limit && member.packed <= whole_limit;
  bool const zstd = member.method == static_cast<std::uint16_t>(zip_method::zstd);
  if (small && !zstd) return unpack_whole(file, member, *at, write);
  return unpack_in_pieces(file, member, *at, write);
}

}  // namespace corunner::exec
