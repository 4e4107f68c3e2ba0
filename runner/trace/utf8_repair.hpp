#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace corunner {

// Makes a stream of bytes valid UTF-8: each byte that belongs to no valid sequence becomes U+FFFD.
// A sequence that is cut off by the end of a write waits for the next one. Wire: job-lifecycle.md
// 11.5.
class utf8_repair {
 public:
  // The repaired text: `bytes` themselves when nothing had to be done, else `room`'s new content.
  std::string_view next(std::string_view bytes, std::string& room);
  // What waits, repaired; at most three U+FFFD.
  std::string finish();

 private:
  std::string waiting_;  // begins a sequence, is not complete
};

// Length of the longest part of `bytes`, not more than `limit`, that ends between two characters.
std::size_t utf8_boundary(std::string_view bytes, std::size_t limit);

}  // namespace corunner
