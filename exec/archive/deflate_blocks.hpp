#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::exec {

// Where a deflate stream (RFC 1951) ends, in bits from its begin.
struct deflate_ends {
  std::size_t last_block;  // the bit that says of the last block that it is the last
  std::size_t end;         // behind the last block
};

// Follows the blocks of a whole stream without unpacking them, several times faster than that would be.
// Nothing when it is broken or has no last block.
std::optional<deflate_ends> find_ends(std::string_view stream);

// Turns a whole stream into a part of a longer one: it ends at a byte, and more may follow.
// False: it is no whole stream.
bool leave_open(std::string& stream);

// `bytes` as blocks without compression, open as above.
std::string stored_blocks(std::string_view bytes);

}  // namespace corunner::exec
