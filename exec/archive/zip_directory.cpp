#include "exec/archive/zip_directory.hpp"

#include "exec/archive/byte_order.hpp"

#include <algorithm>
#include <ctime>
#include <optional>
#include <utility>

namespace corunner::exec {
namespace {

constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator_signature = 0x07064b50;
constexpr std::uint32_t central_signature = 0x02014b50;
constexpr std::size_t end_size = 22;
constexpr std::size_t end64_size = 56;
constexpr std::size_t locator_size = 20;
constexpr std::size_t central_size = 46;
constexpr std::size_t local_size = 30;
constexpr std::uint64_t directory_limit = 1 << 30;
constexpr std::uint32_t most32 = 0xFFFFFFFF;

struct end_record {
  std::uint64_t at = 0;  // where the central directory must have ended
  std::uint64_t members = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
};

// The last end record whose comment fits behind it.
std::optional<std::size_t> find_end(std::string_view tail) {
  for (auto at = tail.rfind("PK\x05\x06"); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : tail.rfind("PK\x05\x06", at - 1)) {
    if (at + end_size > tail.size()) continue;
    if (at + end_size + get<std::uint16_t>(tail, at + 20) <= tail.size()) return at;
  }
  return std::nullopt;
}

// The zip64 end record that the locator at the end of `before` points to, when there is one.
bool read_end64(input_file const& file, std::string_view before, end_record& into,
                std::string& failure) {
  if (before.size() < locator_size) return true;
  auto const locator = before.substr(before.size() - locator_size);
  if (get<std::uint32_t>(locator, 0) != locator_signature) return true;
  auto const at = get<std::uint64_t>(locator, 8);
  if (at > file.size()) return false;
  auto const record = file.read(at, end64_size, failure);
  if (!record || record->size() < end64_size) return false;
  if (get<std::uint32_t>(*record, 0) != end64_signature) return false;
  into = {at, get<std::uint64_t>(*record, 32), get<std::uint64_t>(*record, 40),
          get<std::uint64_t>(*record, 48)};
  return true;
}

std::optional<end_record> read_end(input_file const& file, std::string& failure) {
  auto const length = std::min<std::uint64_t>(file.size(), end_size + 0xFFFF + locator_size);
  auto const from = file.size() - length;
  auto const tail = file.read(from, length, failure);
  if (!tail) return std::nullopt;
  auto const at = find_end(*tail);
  if (!at) return std::nullopt;
  end_record end{from + *at, get<std::uint16_t>(*tail, *at + 10),
                 get<std::uint32_t>(*tail, *at + 12), get<std::uint32_t>(*tail, *at + 16)};
  if (!read_end64(file, std::string_view(*tail).substr(0, *at), end, failure)) return std::nullopt;
  if (end.size > end.at || end.offset > end.at - end.size) return std::nullopt;
  return end;
}

std::int64_t dos_time(std::uint16_t time, std::uint16_t date) {
  std::tm when{};
  when.tm_year = (date >> 9) + 80;
  when.tm_mon = (date >> 5 & 15) - 1;
  when.tm_mday = date & 31;
  when.tm_hour = time >> 11;
  when.tm_min = time >> 5 & 63;
  when.tm_sec = (time & 31) * 2;
  return ::timegm(&when);
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = std::min<std::size_t>(bytes.size(), 8); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return static_cast<std::uint32_t>(value);
}

// Field 0x7875: version, then length and value of the user's id, then of the group's.
void read_owner(std::string_view field, file_metadata& into) {
  if (field.size() < 2) return;
  std::size_t const uid_size = static_cast<unsigned char>(field[1]);
  if (field.size() < 3 + uid_size) return;
  std::size_t const gid_size = static_cast<unsigned char>(field[2 + uid_size]);
  if (field.size() < 3 + uid_size + gid_size) return;
  into.uid = little_endian(field.substr(2, uid_size));
  into.gid = little_endian(field.substr(3 + uid_size, gid_size));
}

// Field 0x0001: the values that did not fit, in this order.
void read_large(std::string_view field, zip_member& into) {
  std::size_t at = 0;
  auto const take = [&](std::uint64_t& value) {
    if (value != most32 || at + 8 > field.size()) return;
    value = get<std::uint64_t>(field, at);
    at += 8;
  };
  take(into.size);
  take(into.packed);
  take(into.offset);
}

void read_extra(std::string_view extra, zip_member& into) {
  constexpr std::int64_t seconds_to_1970 = 11'644'473'600;  // from the epoch of NTFS
  while (extra.size() >= 4) {
    auto const id = get<std::uint16_t>(extra, 0);
    auto const size = get<std::uint16_t>(extra, 2);
    extra.remove_prefix(4);
    if (size > extra.size()) return;
    auto const field = extra.substr(0, size);
    extra.remove_prefix(size);
    if (id == 0x0001) read_large(field, into);
    if (id == 0x7875) read_owner(field, into.metadata);
    if (id == 0x5455 && size >= 5 && (field[0] & 1)) {
      into.metadata.modified = get<std::uint32_t>(field, 1);
    }
    if (id == 0x5855 && size >= 8) into.metadata.modified = get<std::uint32_t>(field, 4);
    if (id == 0x000a && size >= 16 && get<std::uint16_t>(field, 4) == 1) {
      auto const ticks = get<std::uint64_t>(field, 8);
      into.metadata.modified = static_cast<std::int64_t>(ticks / 10'000'000) - seconds_to_1970;
    }
  }
}

bool made_by_unix(std::uint16_t version) { return version >> 8 == 3 || version >> 8 == 19; }

void read_attributes(std::uint16_t version, std::uint32_t attributes, zip_member& into) {
  std::uint32_t mode = attributes >> 16;
  if (!made_by_unix(version)) {
    bool const directory = attributes & 0x10;
    mode = directory ? 0040777 : 0100666;
    if (attributes & 0x01) mode &= ~0222u;
  }
  auto const type = mode & 0170000;
  into.metadata.mode = mode;
  if (type == 0120000) {
    into.what = zip_member::kind::link;
  } else if (type == 0040000 || into.name.ends_with('/')) {
    into.what = zip_member::kind::directory;
  } else if (type != 0 && type != 0100000) {
    into.what = zip_member::kind::special;
  }
}

// The length of the record that begins at `at`; 0 when there is none.
std::size_t read_member(std::string_view directory, std::size_t at, zip_member& into) {
  if (at + central_size > directory.size()) return 0;
  auto const record = directory.substr(at);
  if (get<std::uint32_t>(record, 0) != central_signature) return 0;
  std::size_t const name_size = get<std::uint16_t>(record, 28);
  std::size_t const extra_size = get<std::uint16_t>(record, 30);
  std::size_t const length = central_size + name_size + extra_size + get<std::uint16_t>(record, 32);
  if (length > record.size()) return 0;
  into.method = get<std::uint16_t>(record, 10);
  into.metadata.modified = dos_time(get<std::uint16_t>(record, 12), get<std::uint16_t>(record, 14));
  into.crc = get<std::uint32_t>(record, 16);
  into.packed = get<std::uint32_t>(record, 20);
  into.size = get<std::uint32_t>(record, 24);
  into.offset = get<std::uint32_t>(record, 42);
  into.name = record.substr(central_size, name_size);
  read_extra(record.substr(central_size + name_size, extra_size), into);
  read_attributes(get<std::uint16_t>(record, 4), get<std::uint32_t>(record, 38), into);
  return length;
}

// How much the offsets are short, because something was put in front of the archive.
std::uint64_t bytes_in_front(input_file const& file, end_record const& end, std::string& failure) {
  auto const signature = file.read(end.offset, 4, failure);
  bool const there = signature && signature->size() == 4 &&
                     get<std::uint32_t>(*signature, 0) == central_signature;
  return there || end.members == 0 ? 0 : end.at - end.size - end.offset;
}

// Whether two members share bytes, or one those of the directory at `end`. Each has a header of 30
// bytes at least in front of its data.
bool overlap(std::vector<zip_member> const& members, std::uint64_t end) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;  // begin, end
  extents.reserve(members.size() + 1);
  for (auto const& each : members) {
    extents.emplace_back(each.offset, each.offset + local_size + each.packed);
  }
  extents.emplace_back(end, end);
  std::ranges::sort(extents);
  return std::ranges::adjacent_find(extents, [](auto const& one, auto const& next) {
           return one.second > next.first;
         }) != extents.end();
}

}  // namespace

std::vector<zip_member> read_zip_directory(input_file const& file, std::string& failure) {
  std::vector<zip_member> members;
  auto const end = read_end(file, failure);
  if (!end) {
    if (failure.empty()) failure = not_a_zip;
    return members;
  }
  if (end->size > directory_limit) {
    failure = "zip: central directory too large";
    return members;
  }
  auto const front = bytes_in_front(file, *end, failure);
  auto const directory = file.read(front + end->offset, end->size, failure);
  if (!directory) return members;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < end->members; ++i) {
    zip_member member;
    auto const length = read_member(*directory, at, member);
    if (length == 0 || member.packed > file.size() || member.offset > file.size()) {
      failure = not_a_zip;
      return members;
    }
    at += length;
    member.offset += front;
    members.push_back(std::move(member));
  }
  if (overlap(members, front + end->offset)) failure = not_a_zip;
  return members;
}

}  // namespace corunner::exec
