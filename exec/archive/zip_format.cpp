#include "exec/archive/zip_format.hpp"

#include "exec/archive/byte_order.hpp"
#include "exec/archive/utf8.hpp"

#include <algorithm>
#include <ctime>

namespace corunner::exec {
namespace {

constexpr std::uint16_t version_plain = 20;
constexpr std::uint16_t version_zip64 = 45;
constexpr std::uint16_t made_by_unix = 3 << 8;
constexpr std::uint16_t flag_descriptor = 0x0008;
constexpr std::uint16_t flag_utf8 = 0x0800;
constexpr std::uint32_t most32 = 0xFFFFFFFF;
constexpr std::uint16_t most16 = 0xFFFF;
constexpr std::int64_t most_far_time = 900'000'000'000;  // seconds; the year 30489

bool is_large(zip_record const& record) { return record.packed >= most32 || record.size >= most32; }

std::uint16_t flags_of(archive_entry const& entry, std::string_view name) {
  return static_cast<std::uint16_t>((entry.is_regular() ? flag_descriptor : 0) |
                                    (zip_needs_utf8_flag(name) ? flag_utf8 : 0));
}

// Time, then date, in the zone of the process and to two seconds; years wrap outside of 1980 to
// 2107.
void put_dos_time(std::string& into, std::int64_t when) {
  std::time_t const seconds = when;
  std::tm local{};
  ::localtime_r(&seconds, &local);
  put(into, static_cast<std::uint16_t>(local.tm_hour << 11 | local.tm_min << 5 | local.tm_sec / 2));
  auto const year = static_cast<unsigned>(local.tm_year + 1900 - 1980) & 127u;
  put(into, static_cast<std::uint16_t>(year << 9 | static_cast<unsigned>(local.tm_mon + 1) << 5 |
                                       static_cast<unsigned>(local.tm_mday)));
}

// The field of NTFS (0x000a), in ticks of 100 ns since 1601: for a time that the other field has no
// room for.
void put_far_time(std::string& into, std::int64_t when) {
  constexpr std::int64_t seconds_to_1970 = 11'644'473'600;
  if (when < -seconds_to_1970 || when > most_far_time) return;
  auto const ticks = static_cast<std::uint64_t>((when + seconds_to_1970) * 10'000'000);
  put<std::uint16_t>(into, 0x000a);
  put<std::uint16_t>(into, 32);
  put<std::uint32_t>(into, 0);
  put<std::uint16_t>(into, 1);   // the tag of times
  put<std::uint16_t>(into, 24);
  for (int i = 0; i < 3; ++i) put(into, ticks);  // changed, read, made
}

std::string extra_fields(archive_entry const& entry) {
  std::string extra;
  put<std::uint16_t>(extra, 0x5455);
  put<std::uint16_t>(extra, 5);
  put<std::uint8_t>(extra, 1);
  put(extra, static_cast<std::uint32_t>(entry.modified));
  put<std::uint16_t>(extra, 0x7875);
  put<std::uint16_t>(extra, 11);
  put<std::uint8_t>(extra, 1);
  put<std::uint8_t>(extra, 4);
  put(extra, entry.uid);
  put<std::uint8_t>(extra, 4);
  put(extra, entry.gid);
  if (entry.modified < 0 || entry.modified > most32) put_far_time(extra, entry.modified);
  return extra;
}

std::uint32_t external_attributes(archive_entry const& entry) {
  return entry.mode << 16 | (entry.is_directory() ? 0x10u : 0u) | ((entry.mode & 0200) ? 0u : 1u);
}

std::uint32_t capped(std::uint64_t value) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, most32));
}

}  // namespace

bool zip_needs_utf8_flag(std::string_view name) {
  bool const plain = std::all_of(name.begin(), name.end(), [](char c) {
    return c >= 0x20 && c <= 0x7d && c != '\\';
  });
  return !plain && is_utf8(name);
}

std::string zip_name(archive_entry const& entry) {
  return entry.is_directory() ? entry.path + "/" : entry.path;
}

std::string zip_local_header(archive_entry const& entry, zip_record const& record) {
  auto const name = zip_name(entry);
  auto const extra = extra_fields(entry);
  bool const later = entry.is_regular();
  bool const large = entry.is_regular() && entry.size >= most32;
  std::string header;
  put<std::uint32_t>(header, 0x04034b50);
  put(header, large ? version_zip64 : version_plain);
  put(header, flags_of(entry, name));
  put(header, static_cast<std::uint16_t>(record.method));
  put_dos_time(header, entry.modified);
  put(header, later ? 0u : record.crc);
  put(header, later ? 0u : capped(record.packed));
  put(header, later ? 0u : capped(record.size));
  put(header, static_cast<std::uint16_t>(name.size()));
  put(header, static_cast<std::uint16_t>(extra.size()));
  return header + name + extra;
}

std::string zip_descriptor(zip_record const& record) {
  std::string descriptor;
  put<std::uint32_t>(descriptor, 0x08074b50);
  put(descriptor, record.crc);
  if (is_large(record)) {
    put(descriptor, record.packed);
    put(descriptor, record.size);
  } else {
    put(descriptor, static_cast<std::uint32_t>(record.packed));
    put(descriptor, static_cast<std::uint32_t>(record.size));
  }
  return descriptor;
}

std::string zip_central_header(archive_entry const& entry, zip_record const& record) {
  auto const name = zip_name(entry);
  auto extra = extra_fields(entry);
  bool const large = is_large(record) || record.offset >= most32;
  if (large) {
    put<std::uint16_t>(extra, 0x0001);
    put<std::uint16_t>(extra, 24);
    put(extra, record.size);
    put(extra, record.packed);
    put(extra, record.offset);
  }
  auto const version = is_large(record) ? version_zip64 : version_plain;
  std::string header;
  put<std::uint32_t>(header, 0x02014b50);
  put(header, static_cast<std::uint16_t>(made_by_unix | version));
  put(header, version);
  put(header, flags_of(entry, name));
  put(header, static_cast<std::uint16_t>(record.method));
  put_dos_time(header, entry.modified);
  put(header, record.crc);
  put(header, large ? most32 : capped(record.packed));
  put(header, large ? most32 : capped(record.size));
  put(header, static_cast<std::uint16_t>(name.size()));
  put(header, static_cast<std::uint16_t>(extra.size()));
  put<std::uint16_t>(header, 0);  // comment
  put<std::uint16_t>(header, 0);  // disk
  put<std::uint16_t>(header, 0);  // internal attributes
  put(header, external_attributes(entry));
  put(header, large ? most32 : capped(record.offset));
  return header + name + extra;
}

std::string zip_end(std::uint64_t members, std::uint64_t directory_offset,
                    std::uint64_t directory_size) {
  std::string end;
  bool const large = members >= most16 || directory_offset >= most32 || directory_size >= most32;
  if (large) {
    put<std::uint32_t>(end, 0x06064b50);
    put<std::uint64_t>(end, 44);  // the rest of this record
    put(end, static_cast<std::uint16_t>(made_by_unix | version_zip64));
    put(end, version_zip64);
    put<std::uint32_t>(end, 0);
    put<std::uint32_t>(end, 0);
    put(end, members);
    put(end, members);
    put(end, directory_size);
    put(end, directory_offset);
    put<std::uint32_t>(end, 0x07064b50);
    put<std::uint32_t>(end, 0);
    put(end, directory_offset + directory_size);
    put<std::uint32_t>(end, 1);
  }
  auto const count = large ? most16 : static_cast<std::uint16_t>(members);
  put<std::uint32_t>(end, 0x06054b50);
  put<std::uint16_t>(end, 0);
  put<std::uint16_t>(end, 0);
  put(end, count);
  put(end, count);
  put(end, large ? most32 : static_cast<std::uint32_t>(directory_size));
  put(end, large ? most32 : static_cast<std::uint32_t>(directory_offset));
  put<std::uint16_t>(end, 0);
  return end;
}

}  // namespace corunner::exec
