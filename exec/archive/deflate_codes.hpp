#pragma once

#include <boost/endian/conversion.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace corunner::exec {

// The codes of deflate (RFC 1951), as far as who follows a stream needs them.

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
  void go_to(std::size_t bit) { at_ = bit; }
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

// What a code stands for.
struct meaning {
  // `longer`: inside of a table only. Distances count as literals of their own alphabet.
  enum class kind : std::uint8_t { none, literal, length, end, longer };
  kind what = kind::none;
  std::uint8_t bits = 0;  // of the code and of what belongs to it
  std::uint16_t symbol = 0;
};

// What a length or distance comes to whose code, with what belongs to it, `bits` begin with.
unsigned length_of(meaning const& what, std::uint64_t bits);
unsigned distance_of(meaning const& what, std::uint64_t bits);

using code_lengths = std::span<std::uint8_t const>;
// The meaning of a symbol, its code not counted.
using meaning_of = meaning (*)(unsigned symbol);

inline constexpr unsigned longest_code = 15;

// The codes of an alphabet: those of up to `Bits` bits in a table, longer ones one by one.
template <unsigned Bits>
class code_table {
 public:
  // False: no code can have these lengths.
  bool make(code_lengths of, meaning_of meaning) {
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

  // All bits of the longest code are used up.
  bool complete() const {
    unsigned used = 0;
    for (unsigned length = 1; length <= longest_code; ++length) {
      used += counts_[length] << (longest_code - length);
    }
    return used == 1u << longest_code;
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
  code_lengths of_;
  meaning_of meaning_ = nullptr;
};

// The two alphabets of one block.
class block_codes {
 public:
  // Those that every decoder knows.
  void make_fixed();
  // Those that a block tells, from behind its type; false when it cannot be the begin of one.
  bool read(bit_reader& in);

  // True when no sequence of bits is without a meaning: so it is in all streams but odd ones.
  bool complete() const { return literals_.complete() && distances_.complete(); }

  meaning literal_or_length(std::uint64_t bits) const { return literals_.find(bits); }
  meaning distance(std::uint64_t bits) const { return distances_.find(bits); }

 private:
  bool read_lengths(bit_reader& in, unsigned count);
  bool make(unsigned literals, unsigned distances);

  std::array<std::uint8_t, 288 + 32> lengths_{};
  code_table<7> length_codes_;
  code_table<11> literals_;
  code_table<10> distances_;
};

// Calls `literal` and `match` for what a block consists of, from behind its header to its end.
// False when it has none, or when one of them says so.
template <class Literal, class Match>
bool walk(bit_reader& in, block_codes const& codes, Literal literal, Match match) {
  while (!in.beyond()) {
    auto const bits = in.peek();
    auto const one = codes.literal_or_length(bits);
    in.skip(one.bits);
    switch (one.what) {
      case meaning::kind::end: return !in.beyond();
      case meaning::kind::literal:
        if (!literal(static_cast<char>(one.symbol))) return false;
        break;
      case meaning::kind::length: {
        auto const left = bits >> one.bits;
        auto const far = codes.distance(left);
        in.skip(far.bits);
        if (far.what == meaning::kind::none ||
            !match(length_of(one, bits), distance_of(far, left))) {
          return false;
        }
        break;
      }
      default: return false;
    }
  }
  return false;
}

}  // namespace corunner::exec
