#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace corunner::exec {

// Little-endian numbers at the end of a buffer, and out of one.

template <std::unsigned_integral Number>
void put(std::string& into, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    into += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
}

// The caller has checked that the bytes are there.
template <std::unsigned_integral Number>
Number get(std::string_view from, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(from[at + i])) << (8 * i);
  }
  return static_cast<Number>(value);
}

}  // namespace corunner::exec
