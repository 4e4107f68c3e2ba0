#include "exec/archive/deflate_codes.hpp"

#include <algorithm>

namespace corunner::exec {
namespace {

constexpr std::array<std::uint8_t, 19> order_of_lengths{16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                        11, 4,  12, 3, 13, 2, 14, 1, 15};

meaning plain(unsigned symbol) {
  return {meaning::kind::literal, 0, static_cast<std::uint16_t>(symbol)};
}

unsigned bits_of_length(unsigned symbol) {
  return symbol >= 265 && symbol < 285 ? (symbol - 261) / 4 : 0;
}

unsigned bits_of_distance(unsigned symbol) { return symbol < 4 ? 0 : symbol / 2 - 1; }

// The bits that follow a code of `what`.
unsigned behind_code(meaning const& what, unsigned count, std::uint64_t bits) {
  return static_cast<unsigned>(bits >> (what.bits - count) & ((std::uint64_t{1} << count) - 1));
}

meaning in_text(unsigned symbol) {
  constexpr unsigned end_of_block = 256;
  auto const number = static_cast<std::uint16_t>(symbol);
  if (symbol < end_of_block) return {meaning::kind::literal, 0, number};
  if (symbol == end_of_block) return {meaning::kind::end, 0, number};
  if (symbol > 285) return {};
  return {meaning::kind::length, static_cast<std::uint8_t>(bits_of_length(symbol)), number};
}

meaning as_distance(unsigned symbol) {
  if (symbol > 29) return {};
  return {meaning::kind::literal, static_cast<std::uint8_t>(bits_of_distance(symbol)),
          static_cast<std::uint16_t>(symbol)};
}

}  // namespace

unsigned length_of(meaning const& what, std::uint64_t bits) {
  constexpr unsigned longest_match = 258;
  unsigned const symbol = what.symbol;
  if (symbol == 285) return longest_match;
  if (symbol < 265) return symbol - 254;
  auto const count = bits_of_length(symbol);
  return ((4 + (symbol - 265) % 4) << count) + 3 + behind_code(what, count, bits);
}

unsigned distance_of(meaning const& what, std::uint64_t bits) {
  unsigned const symbol = what.symbol;
  if (symbol < 4) return symbol + 1;
  auto const count = bits_of_distance(symbol);
  return ((2 + symbol % 2) << count) + 1 + behind_code(what, count, bits);
}

void block_codes::make_fixed() {
  std::fill_n(lengths_.begin(), 144, 8);
  std::fill_n(lengths_.begin() + 144, 112, 9);
  std::fill_n(lengths_.begin() + 256, 24, 7);
  std::fill_n(lengths_.begin() + 280, 8, 8);
  std::fill_n(lengths_.begin() + 288, 30, 5);
  make(288, 30);
}

bool block_codes::read(bit_reader& in) {
  constexpr unsigned most = 30;  // less is told as 5 bits could
  auto const literals = in.take(5) + 257;
  auto const distances = in.take(5) + 1;
  auto const given = in.take(4) + 4;
  if (literals > 256 + most || distances > most) return false;
  std::array<std::uint8_t, 19> own{};
  auto bits = in.peek();
  unsigned used = 0;  // of the 128 sequences of seven bits
  for (unsigned i = 0; i < given; ++i, bits >>= 3) {
    auto const length = static_cast<std::uint8_t>(bits & 7);
    own[order_of_lengths[i]] = length;
    if (length != 0) used += 128u >> length;
  }
  in.skip(3 * given);
  return used == 128 && length_codes_.make(own, plain) && read_lengths(in, literals + distances) &&
         make(literals, distances);
}

bool block_codes::read_lengths(bit_reader& in, unsigned count) {
  for (unsigned i = 0; i < count;) {
    auto const code = length_codes_.find(in.peek());
    if (code.what == meaning::kind::none) return false;
    in.skip(code.bits);
    if (code.symbol < 16) {
      lengths_[i++] = static_cast<std::uint8_t>(code.symbol);
      continue;
    }
    if (code.symbol == 16 && i == 0) return false;
    std::uint8_t const value = code.symbol == 16 ? lengths_[i - 1] : std::uint8_t{0};
    auto const times = code.symbol == 16   ? 3 + in.take(2)
                       : code.symbol == 17 ? 3 + in.take(3)
                                           : 11 + in.take(7);
    if (i + times > count) return false;
    std::fill_n(lengths_.begin() + i, times, value);
    i += times;
  }
  return true;
}

bool block_codes::make(unsigned literals, unsigned distances) {
  code_lengths const all(lengths_);
  return literals_.make(all.first(literals), in_text) &&
         distances_.make(all.subspan(literals, distances), as_distance);
}

}  // namespace corunner::exec
