#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corunner::exec {

struct code_point {
  std::uint32_t value;
  std::size_t length;
};

// The code point that begins at `at`; a byte that begins none is itself plus 0x110000, of length
// one.
code_point decode_utf8(std::string_view text, std::size_t at);

bool is_utf8(std::string_view text);

}  // namespace corunner::exec
