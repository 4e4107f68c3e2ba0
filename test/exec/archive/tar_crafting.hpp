#pragma once

#include "exec/archive/tar_format.hpp"

#include <fmt/format.h>

#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::test {

// An entry of a hand-made tar.
struct crafted_entry {
  std::string name;
  char type = '0';
  std::string content = "x";
  std::string target{};
  std::string pax{};  // records in front of it
};

inline std::string pax_record(std::string_view key, std::string_view value) {
  auto const rest = key.size() + value.size() + 3;
  auto length = rest + 1;
  while (length != rest + std::to_string(length).size()) ++length;
  return fmt::format("{} {}={}\n", length, key, value);
}

inline std::string craft_tar(std::vector<crafted_entry> const& entries) {
  std::string tar;
  auto const add = [&](std::string const& name, char type, std::string const& content,
                       std::string const& target) {
    std::string block(exec::tar_block, '\0');
    auto const place = [&](std::size_t at, std::string_view text) {
      block.replace(at, text.size(), text);
    };
    place(0, name);
    place(100, "0000644");
    place(108, "0000000");
    place(116, "0000000");
    place(124, fmt::format("{:011o}", content.size()));
    place(136, "13300000000");
    place(148, "        ");
    block[156] = type;
    place(157, target);
    place(257, std::string_view("ustar\0" "00", 8));
    auto const sum = std::accumulate(block.begin(), block.end(), 0u, [](unsigned so_far, char c) {
      return so_far + static_cast<unsigned char>(c);
    });
    place(148, fmt::format("{:06o}", sum) + '\0');
    tar += block + content + exec::tar_padding(content.size());
  };
  for (auto const& entry : entries) {
    if (!entry.pax.empty()) add("PaxHeaders", 'x', entry.pax, "");
    add(entry.name, entry.type, entry.content, entry.target);
  }
  return tar + std::string(2 * exec::tar_block, '\0');
}

}  // namespace corunner::test
