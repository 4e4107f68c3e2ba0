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

// Follows the blocks of a whole stream without unpacking them. Nothing when it is broken or has no
// last block.
std::optional<deflate_ends> find_ends(std::string_view stream);

// The same for a stream of which it is known what it unpacks to: looks for the last block from the
// end, and takes what unpacks to the end of `content`. Nothing when that is not clear.
std::optional<deflate_ends> find_last_block(std::string_view stream, std::string_view content);

// Turns the whole stream of `content` into a part of a longer one: it ends at a byte, and more may
// follow. False: it is no whole stream.
bool leave_open(std::string& stream, std::string_view content);

// `bytes` as blocks without compression, open as above.
std::string stored_blocks(std::string_view bytes);

}  // namespace corunner::exec
