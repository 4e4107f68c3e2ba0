#pragma once

#include "exec/archive/byte_order.hpp"
#include "exec/archive/crc32.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::test {

// A member of a hand-made zip; what is told may be a lie.
struct crafted {
  std::string name;
  std::string data = "x";  // as it stands in the file
  std::uint32_t mode = 0100644;
  std::uint16_t method = 0;
  std::optional<std::uint32_t> crc{};
  std::optional<std::uint32_t> size{};
  std::optional<std::uint32_t> packed{};
  std::optional<std::uint32_t> offset{};
  std::uint8_t creator = 3;
};

inline std::string craft_zip(std::vector<crafted> const& members) {
  using exec::put;
  std::string zip;
  std::string directory;
  for (auto const& m : members) {
    auto const offset = m.offset.value_or(static_cast<std::uint32_t>(zip.size()));
    auto const crc = m.crc.value_or(exec::crc32(m.data));
    auto const packed = m.packed.value_or(static_cast<std::uint32_t>(m.data.size()));
    auto const size = m.size.value_or(static_cast<std::uint32_t>(m.data.size()));
    auto const both = [&](std::string& into) {
      put(into, std::uint16_t{0});
      put(into, m.method);
      put(into, std::uint32_t{0x21 << 16 | 0});
      put(into, crc);
      put(into, packed);
      put(into, size);
      put(into, static_cast<std::uint16_t>(m.name.size()));
      put(into, std::uint16_t{0});
    };
    put(zip, std::uint32_t{0x04034b50});
    put(zip, std::uint16_t{20});
    both(zip);
    zip += m.name + m.data;
    put(directory, std::uint32_t{0x02014b50});
    put(directory, static_cast<std::uint16_t>(m.creator << 8 | 20));
    put(directory, std::uint16_t{20});
    both(directory);
    directory += std::string(6, '\0');
    put(directory, m.mode << 16);
    put(directory, offset);
    directory += m.name;
  }
  auto const start = zip.size();
  zip += directory;
  put(zip, std::uint32_t{0x06054b50});
  put(zip, std::uint32_t{0});
  put(zip, static_cast<std::uint16_t>(members.size()));
  put(zip, static_cast<std::uint16_t>(members.size()));
  put(zip, static_cast<std::uint32_t>(directory.size()));
  put(zip, static_cast<std::uint32_t>(start));
  put(zip, std::uint16_t{0});
  return zip;
}

}  // namespace corunner::test
