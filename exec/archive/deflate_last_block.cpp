#include "exec/archive/deflate_blocks.hpp"
#include "exec/archive/deflate_codes.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace corunner::exec {
namespace {

// A last block is seldom larger; where it is, following all blocks costs little more.
constexpr std::size_t farthest = 256 * 1024;
// What only looks like a block does not unpack to this many right bytes.
constexpr std::size_t enough = 256;

class last_block_search {
 public:
  last_block_search(std::string_view stream, std::string_view content)
      : stream_(stream), content_(content) {}

  std::optional<deflate_ends> run() {
    auto const lowest = stream_.size() - std::min(stream_.size(), farthest);
    for (auto byte = stream_.size(); byte-- > lowest;) {
      bit_reader in(stream_);
      in.go_to(byte * 8);
      auto const bits = in.peek();
      // A last block (1) with codes of its own (2): 1, 0, 1.
      for (auto begins = bits & ~(bits >> 1) & bits >> 2 & 0xFF; begins != 0;) {
        auto const highest = static_cast<unsigned>(std::bit_width(begins)) - 1;
        begins ^= std::uint64_t{1} << highest;
        if (auto const end = end_of(byte * 8 + highest)) {
          return deflate_ends{byte * 8 + highest, *end};
        }
      }
    }
    return std::nullopt;
  }

 private:
  // Of the block that begins there and is the last one of this content.
  std::optional<std::size_t> end_of(std::size_t begin) {
    constexpr std::size_t mark_and_type = 3;
    bit_reader in(stream_);
    in.go_to(begin + mark_and_type);
    if (!codes_.read(in) || !codes_.complete()) return std::nullopt;
    auto const counted = count(in);
    if (counted < enough || counted > content_.size() || !unpacks_to_end(in, counted)) {
      return std::nullopt;
    }
    return in.at() + 7 >= stream_.size() * 8 ? std::optional(in.at()) : std::nullopt;
  }

  // How many bytes it unpacks to; nothing when it is no block.
  std::size_t count(bit_reader in) const {
    std::size_t size = 0;
    auto const add = [&](std::size_t more) { return (size += more) <= content_.size(); };
    auto const ended = walk(in, codes_, [&](char) { return add(1); },
                            [&](unsigned length, unsigned) { return add(length); });
    return ended ? size : 0;
  }

  bool unpacks_to_end(bit_reader& in, std::size_t size) const {
    auto at = content_.size() - size;
    auto const literal = [&](char byte) { return content_[at++] == byte; };
    auto const match = [&](unsigned length, unsigned distance) {
      if (distance > at) return false;
      auto const* const to = content_.data() + at;
      at += length;
      return std::memcmp(to, to - distance, length) == 0;
    };
    return walk(in, codes_, literal, match);
  }

  std::string_view stream_;
  std::string_view content_;
  block_codes codes_;
};

}  // namespace

std::optional<deflate_ends> find_last_block(std::string_view stream, std::string_view content) {
  return last_block_search(stream, content).run();
}

}  // namespace corunner::exec
