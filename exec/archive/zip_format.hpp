#pragma once

#include "exec/archive/archive_entry.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace corunner::exec {

// The records of a zip file as GitLab's helper writes them: made by "Unix", Unix modes, the fields
// 0x5455 (time) and 0x7875 (owner), a data descriptor behind every regular file, zip64 where it
// must be. A time beyond 32 bits has the field 0x000a besides (helper.md 5.2; PKWARE's
// APPNOTE.TXT 6.3).

enum class zip_method : std::uint16_t { store = 0, deflate = 8, zstd = 93 };

// What is known of a member once its data has been written.
struct zip_record {
  std::size_t entry = 0;  // which one of the plan
  zip_method method = zip_method::store;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;  // of the local header

  bool operator==(zip_record const&) const = default;
};

// The name in the archive: a directory ends in '/'.
std::string zip_name(archive_entry const& entry);

// Regular files say nothing about size and checksum here: those follow in the descriptor.
std::string zip_local_header(archive_entry const& entry, zip_record const& record);
std::string zip_descriptor(zip_record const& record);
std::string zip_central_header(archive_entry const& entry, zip_record const& record);
std::string zip_end(std::uint64_t members, std::uint64_t directory_offset,
                    std::uint64_t directory_size);

// Whether the name needs the flag for UTF-8: valid, and with something beyond plain printable
// ASCII.
bool zip_needs_utf8_flag(std::string_view name);

}  // namespace corunner::exec
