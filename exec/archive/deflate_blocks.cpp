#include "exec/archive/deflate_blocks.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace corunner::exec {
namespace {

constexpr unsigned longest_code = 15;
// Of the bits that one look gives: a code and what it means for a match, with its distance, take 48 at
// most, a code alone 15.
constexpr unsigned bits_of_a_look = 57;
constexpr unsigned room_for_length = bits_of_a_look - 48;
constexpr unsigned literals_at_once = bits_of_a_look - 2 * longest_code;
constexpr std::size_t largest_stored = 65535;
constexpr std::array<std::uint8_t, 19> order_of_lengths{16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                        11, 4,  12, 3, 13, 2, 14, 1, 15};

// Bits of a string, from the lowest of each byte on; zeros behind its end.
class bit_reader {
 public:
  explicit bit_reader(std::string_view bytes) : bytes_(bytes) {}

  // At least 57 bits from here on.
  std::uint64_t peek() const {
    auto const byte = at_ / 8;
    std::uint64_t out = 0;
    if (byte + 8 <= bytes_.size()) {
      std::memcpy(&out, bytes_.data() + byte, 8);
    } else if (byte < bytes_.size()) {
      std::memcpy(&out, bytes_.data() + byte, bytes_.size() - byte);
    }
    return boost::endian::little_to_native(out) >> (at_ % 8);
  }
  void skip(std::size_t bits) { at_ += bits; }
  unsigned take(unsigned bits) {
    auto const out = peek() & ((std::uint64_t{1} << bits) - 1);
    skip(bits);
    return static_cast<unsigned>(out);
  }
  void to_byte() { at_ = (at_ + 7) / 8 * 8; }

  std::size_t at() const { return at_; }
  bool beyond() const { return at_ > bytes_.size() * 8; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

// What a code stands for, as far as it matters where the next one begins.
struct meaning {
  enum class kind : std::uint8_t { none, literal, length, end, longer };
  kind what = kind::none;
  std::uint8_t bits = 0;    // of the code and of what belongs to it
  std::uint16_t symbol = 0;
};

using lengths = std::span<std::uint8_t const>;
// The meaning of a symbol, its code not counted.
using meaning_of = meaning (*)(unsigned symbol);

meaning plain(unsigned symbol) {
  return {meaning::kind::literal, 0, static_cast<std::uint16_t>(symbol)};
}

meaning literal_or_length(unsigned symbol) {
  constexpr unsigned end_of_block = 256;
  if (symbol < end_of_block) return {meaning::kind::literal};
  if (symbol == end_of_block) return {meaning::kind::end};
  if (symbol > 285) return {};
  bool const has_more = symbol >= 265 && symbol < 285;
  return {meaning::kind::length, static_cast<std::uint8_t>(has_more ? (symbol - 261) / 4 : 0)};
}

meaning distance(unsigned symbol) {
  if (symbol > 29) return {};
  return {meaning::kind::literal, static_cast<std::uint8_t>(symbol < 4 ? 0 : symbol / 2 - 1)};
}

// The codes of an alphabet: those of up to `Bits` bits in a table, longer ones one by one.
template <unsigned Bits>
class code_table {
 public:
  // False: no code can have these lengths.
  bool make(lengths of, meaning_of meaning) {
    meaning_ = meaning;
    of_ = of;
    table_.fill({});
    counts_.fill(0);
    for (auto const length : of) ++counts_[length];
    counts_[0] = 0;
    unsigned code = 0;
    for (unsigned length = 1; length <= longest_code; ++length) {
      code = (code + counts_[length - 1]) << 1;
      first_[length] = code;
      if (code + counts_[length] > 1u << length) return false;
    }
    auto next = first_;
    for (unsigned symbol = 0; symbol < of.size(); ++symbol) {
      if (unsigned const length = of[symbol]) enter(symbol, length, next[length]++);
    }
    return true;
  }

  // Several literals that fit into one look-up count as one.
  void join_literals() {
    auto const single = table_;
    for (unsigned i = 0; i < table_.size(); ++i) {
      auto& joined = table_[i];
      while (joined.what == meaning::kind::literal) {
        auto const& more = single[i >> joined.bits];
        if (more.what != meaning::kind::literal || joined.bits + more.bits > Bits) break;
        joined.bits += more.bits;
      }
    }
  }

  meaning find(std::uint64_t bits) const {
    auto const found = table_[bits & (table_.size() - 1)];
    return found.what == meaning::kind::longer ? find_longer(bits) : found;
  }

 private:
  static unsigned reversed(unsigned code, unsigned length) {
    unsigned out = 0;
    for (unsigned i = 0; i < length; ++i) out |= (code >> i & 1) << (length - 1 - i);
    return out;
  }

  void enter(unsigned symbol, unsigned length, unsigned code) {
    auto const low = reversed(code, length);
    if (length > Bits) {
      table_[low & (table_.size() - 1)].what = meaning::kind::longer;
      return;
    }
    auto what = meaning_(symbol);
    what.bits += static_cast<std::uint8_t>(length);
    for (auto i = low; i < table_.size(); i += 1u << length) table_[i] = what;
  }

  meaning find_longer(std::uint64_t bits) const {
    unsigned code = 0;
    for (unsigned length = 1; length <= longest_code; ++length) {
      code = code << 1 | (bits >> (length - 1) & 1);
      if (length <= Bits || code - first_[length] >= counts_[length]) continue;
      auto left = code - first_[length];
      for (unsigned symbol = 0; symbol < of_.size(); ++symbol) {
        if (of_[symbol] != length || left-- > 0) continue;
        auto what = meaning_(symbol);
        what.bits += static_cast<std::uint8_t>(length);
        return what;
      }
    }
    return {};
  }

  std::array<meaning, 1u << Bits> table_;
  std::array<unsigned, longest_code + 1> counts_;
  std::array<unsigned, longest_code + 1> first_;
  lengths of_;
  meaning_of meaning_ = nullptr;
};

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
      case 1: return fixed_codes() && codes();
      case 2: return dynamic_codes() && codes();
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

  bool fixed_codes() {
    std::fill_n(lengths_.begin(), 144, 8);
    std::fill_n(lengths_.begin() + 144, 112, 9);
    std::fill_n(lengths_.begin() + 256, 24, 7);
    std::fill_n(lengths_.begin() + 280, 8, 8);
    std::fill_n(lengths_.begin() + 288, 30, 5);
    return make_tables(288, 30);
  }

  bool dynamic_codes() {
    auto const literals = in_.take(5) + 257;
    auto const distances = in_.take(5) + 1;
    auto const given = in_.take(4) + 4;
    std::array<std::uint8_t, 19> own{};
    for (unsigned i = 0; i < given; ++i) own[order_of_lengths[i]] = static_cast<std::uint8_t>(in_.take(3));
    if (!length_codes_.make(own, plain)) return false;
    return read_lengths(literals + distances) && make_tables(literals, distances);
  }

  bool read_lengths(unsigned count) {
    for (unsigned i = 0; i < count;) {
      auto const code = length_codes_.find(in_.peek());
      if (code.what == meaning::kind::none) return false;
      in_.skip(code.bits);
      if (code.symbol < 16) {
        lengths_[i++] = static_cast<std::uint8_t>(code.symbol);
        continue;
      }
      if (code.symbol == 16 && i == 0) return false;
      std::uint8_t const value = code.symbol == 16 ? lengths_[i - 1] : std::uint8_t{0};
      auto const times = code.symbol == 16 ? 3 + in_.take(2) : code.symbol == 17 ? 3 + in_.take(3) : 11 + in_.take(7);
      if (i + times > count) return false;
      std::fill_n(lengths_.begin() + i, times, value);
      i += times;
    }
    return true;
  }

  bool make_tables(unsigned literals, unsigned distances) {
    lengths const all(lengths_);
    if (!literal_codes_.make(all.first(literals), literal_or_length)) return false;
    literal_codes_.join_literals();
    return distance_codes_.make(all.subspan(literals, distances), distance);
  }

  bool codes() {
    while (!in_.beyond()) {
      auto bits = in_.peek();
      auto one = literal_codes_.find(bits);
      unsigned used = 0;
      for (; one.what == meaning::kind::literal && used <= literals_at_once; one = literal_codes_.find(bits >> used)) {
        used += one.bits;
      }
      in_.skip(used);
      if (used > room_for_length) {
        bits = in_.peek();
        one = literal_codes_.find(bits);
        used = 0;
      }
      if (one.what == meaning::kind::literal) continue;
      in_.skip(one.bits);
      if (one.what != meaning::kind::length) return one.what == meaning::kind::end;
      auto const far = distance_codes_.find(bits >> (used + one.bits));
      if (far.what == meaning::kind::none) return false;
      in_.skip(far.bits);
    }
    return false;
  }

  bit_reader in_;
  std::array<std::uint8_t, 288 + 32> lengths_{};
  code_table<7> length_codes_;
  code_table<11> literal_codes_;
  code_table<10> distance_codes_;
};

}  // namespace

std::optional<deflate_ends> find_ends(std::string_view stream) { return follower(stream).run(); }

// The last block loses its mark, and one of no bytes without compression follows: it ends at a byte.
bool leave_open(std::string& stream) {
  auto const ends = find_ends(stream);
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
