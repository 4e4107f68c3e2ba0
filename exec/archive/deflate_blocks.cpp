#include "exec/archive/deflate_blocks.hpp"

#include "exec/archive/deflate_codes.hpp"

#include <algorithm>

namespace corunner::exec {
namespace {

constexpr std::size_t largest_stored = 65535;

class follower {
 public:
  explicit follower(std::string_view stream) : in_(stream) {}

  std::optional<deflate_ends> run() {
    for (;;) {
      auto const begin = in_.at();
      bool const last = in_.take(1) == 1;
      if (!block(in_.take(2)) || in_.beyond()) return std::nullopt;
      if (last) return deflate_ends{begin, in_.at()};
    }
  }

 private:
  bool block(unsigned type) {
    switch (type) {
      case 0: return stored();
      case 1: codes_.make_fixed(); return follow();
      case 2: return codes_.read(in_) && follow();
      default: return false;
    }
  }

  bool stored() {
    in_.to_byte();
    auto const size = in_.take(16);
    if ((size ^ in_.take(16)) != 0xFFFF) return false;
    in_.skip(size * 8);
    return true;
  }

  bool follow() {
    return walk(in_, codes_, [](char) { return true; }, [](unsigned, unsigned) { return true; });
  }

  bit_reader in_;
  block_codes codes_;
};

}  // namespace

std::optional<deflate_ends> find_ends(std::string_view stream) { return follower(stream).run(); }

// The last block loses its mark, and one of no bytes without compression follows: it ends at a
// byte.
bool leave_open(std::string& stream, std::string_view content) {
  auto ends = find_last_block(stream, content);
  if (!ends) ends = find_ends(stream);
  if (!ends) return false;
  auto& marked = stream[ends->last_block / 8];
  marked = static_cast<char>(marked & ~(1 << ends->last_block % 8));
  stream.resize((ends->end + 7) / 8);
  if (auto const used = ends->end % 8) {
    stream.back() = static_cast<char>(stream.back() & ((1 << used) - 1));
  }
  constexpr std::size_t header = 3;
  stream.resize((ends->end + header + 7) / 8, '\0');
  stream.append("\x00\x00\xFF\xFF", 4);
  return true;
}

std::string stored_blocks(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + (bytes.size() / largest_stored + 1) * 5);
  while (!bytes.empty()) {
    auto const size = std::min(bytes.size(), largest_stored);
    auto const low = static_cast<char>(size & 0xFF);
    auto const high = static_cast<char>(size >> 8);
    out += {'\0', low, high, static_cast<char>(~low), static_cast<char>(~high)};
    out += bytes.substr(0, size);
    bytes.remove_prefix(size);
  }
  return out;
}

}  // namespace corunner::exec
