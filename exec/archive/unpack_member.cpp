#include "exec/archive/unpack_member.hpp"

#include "exec/archive/byte_order.hpp"
#include "exec/archive/crc32.hpp"
#include "exec/archive/inflate.hpp"
#include "exec/archive/unpacker.hpp"
#include "exec/archive/zip_format.hpp"

#include <algorithm>

namespace corunner::exec {
namespace {

constexpr std::size_t local_size = 30;
constexpr std::uint64_t whole_limit = 4 << 20;  // members up to this are unpacked in one go
constexpr std::size_t piece = 256 << 10;

constexpr char const* ended_early = "unexpected EOF";
constexpr char const* bad_checksum = "zip: checksum error";
constexpr char const* unknown_method = "zip: unsupported compression algorithm";

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

bool is(zip_member const& member, zip_method method) {
  return member.method == static_cast<std::uint16_t>(method);
}

std::string inflate_whole(std::string_view packed, std::string& into) {
  std::size_t size = 0;
  switch (inflate(packed, into, size)) {
    case inflate_end::too_long: return not_a_zip;
    case inflate_end::corrupt: return "flate: corrupt input";
    case inflate_end::whole: break;
  }
  return size < into.size() ? ended_early : "";
}

// Small members: everything at once.
std::string unpack_whole(input_file const& file, zip_member const& member, std::uint64_t at,
                         std::function<bool(std::string_view)> const& write) {
  std::string failure;
  auto raw = file.read(at, member.packed, failure);
  if (!raw) return failure;
  if (raw->size() < member.packed) return ended_early;
  if (is(member, zip_method::deflate)) {
    std::string content(member.size, '\0');
    failure = inflate_whole(*raw, content);
    if (!failure.empty()) return failure;
    raw = std::move(content);
  }
  if (raw->size() != member.size) return raw->size() < member.size ? ended_early : not_a_zip;
  if (crc32(*raw) != member.crc) return bad_checksum;
  return write(*raw) ? "" : "write failed";
}

// What a member unpacks to, as long as it is not more than was announced.
class member_output {
 public:
  member_output(zip_member const& member, std::function<bool(std::string_view)> const& write)
      : member_(member), write_(write) {}

  bool take(std::string_view bytes) {
    size_ += bytes.size();
    crc_ = crc32(bytes, crc_);
    auto const again = std::min<std::uint64_t>(bytes.size(), to_skip_);
    to_skip_ -= again;
    if (size_ > member_.size) failure_ = not_a_zip;
    if (failure_.empty() && !write_(bytes.substr(again))) failure_ = "write failed";
    return failure_.empty();
  }
  // From its begin, of which a part is written already.
  void begin_again() {
    to_skip_ = size_;
    size_ = 0;
    crc_ = 0;
  }
  std::string const& failure() const { return failure_; }
  std::string verdict(bool complete) const {
    if (size_ < member_.size || !complete) return ended_early;
    return crc_ == member_.crc ? "" : bad_checksum;
  }

 private:
  zip_member const& member_;
  std::function<bool(std::string_view)> const& write_;
  std::uint64_t size_ = 0;
  std::uint64_t to_skip_ = 0;
  std::uint32_t crc_ = 0;
  std::string failure_;
};

std::string feed_all(input_file const& file, zip_member const& member, std::uint64_t at,
                     unpacker& with, member_output& out) {
  std::string failure;
  auto const take = [&](std::string_view bytes) { return out.take(bytes); };
  for (auto left = member.packed; left > 0 && !with.ended();) {
    auto const packed = file.read(at, std::min<std::uint64_t>(left, piece), failure);
    if (!packed) return failure;
    if (packed->empty()) return ended_early;
    at += packed->size();
    left -= packed->size();
    auto const why = with.feed(*packed, take);
    if (!out.failure().empty()) return out.failure();
    if (!why.empty()) return why;
  }
  return {};
}

// Anything else: a piece at a time.
std::string unpack_in_pieces(input_file const& file, zip_member const& member, std::uint64_t at,
                             std::function<bool(std::string_view)> const& write) {
  member_output out(member, write);
  if (is(member, zip_method::deflate)) {
    auto const parts = make_part_unpacker();
    auto const failure = feed_all(file, member, at, *parts, out);
    if (!failure.empty() || parts->complete()) return failure.empty() ? out.verdict(true) : failure;
    out.begin_again();
  }
  auto const with = make_unpacker(member.method);
  auto const failure = feed_all(file, member, at, *with, out);
  return failure.empty() ? out.verdict(with->complete()) : failure;
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
  if (small && !is(member, zip_method::zstd)) return unpack_whole(file, member, *at, write);
  return unpack_in_pieces(file, member, *at, write);
}

}  // namespace corunner::exec
