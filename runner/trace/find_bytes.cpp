#include "runner/trace/find_bytes.hpp"

#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>

namespace corunner {

std::size_t find_either(std::string_view bytes, std::size_t from, char a, char b) {
#ifdef __SSE2__
  auto const first = _mm_set1_epi8(a);
  auto const second = _mm_set1_epi8(b);
  for (; from + 16 <= bytes.size(); from += 16) {
    auto const block = _mm_loadu_si128(reinterpret_cast<__m128i const*>(bytes.data() + from));
    auto const equal = _mm_or_si128(_mm_cmpeq_epi8(block, first), _mm_cmpeq_epi8(block, second));
    auto const hits = static_cast<unsigned>(_mm_movemask_epi8(equal));
    if (hits != 0) return from + static_cast<std::size_t>(std::countr_zero(hits));
  }
#endif
  while (from < bytes.size() && bytes[from] != a && bytes[from] != b) ++from;
  return from;
}

std::size_t find_pair(std::string_view bytes, std::size_t from,
                      std::span<std::array<char, 2> const> pairs) {
#ifdef __SSE2__
  for (; from + 17 <= bytes.size(); from += 16) {
    auto const* const at = reinterpret_cast<__m128i const*>(bytes.data() + from);
    auto const* const behind = reinterpret_cast<__m128i const*>(bytes.data() + from + 1);
    auto const firsts = _mm_loadu_si128(at);
    auto const seconds = _mm_loadu_si128(behind);
    auto equal = _mm_setzero_si128();
    for (auto const& pair : pairs) {
      equal = _mm_or_si128(equal, _mm_and_si128(_mm_cmpeq_epi8(firsts, _mm_set1_epi8(pair[0])),
                                                _mm_cmpeq_epi8(seconds, _mm_set1_epi8(pair[1]))));
    }
    auto const hits = static_cast<unsigned>(_mm_movemask_epi8(equal));
    if (hits != 0) return from + static_cast<std::size_t>(std::countr_zero(hits));
  }
#endif
  for (; from + 2 <= bytes.size(); ++from) {
    for (auto const& pair : pairs) {
      if (bytes[from] == pair[0] && bytes[from + 1] == pair[1]) return from;
    }
  }
  return from;
}

std::size_t ascii_prefix(std::string_view bytes) {
  std::size_t at = 0;
  constexpr std::uint64_t high_bits = 0x8080808080808080u;
  for (; at + 32 <= bytes.size(); at += 32) {
    std::uint64_t words[4];
    std::memcpy(words, bytes.data() + at, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & high_bits) != 0) break;
  }
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) ++at;
  return at;
}

}  // namespace corunner
