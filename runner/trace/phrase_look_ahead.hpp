#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// Tells quickly where in a text none of many phrases can begin: leaps over as many bytes as the
// last three of a window allow (Wu and Manber, 1994), or looks for the few pairs of bytes that
// short phrases begin with. At most 64 KiB, for few phrases some hundred bytes.
class phrase_look_ahead {
 public:
  // Not empty ones.
  explicit phrase_look_ahead(std::vector<std::string> const& phrases);

  // The first position from `from` on where a phrase may begin, or where there are too few bytes
  // left to tell. At most bytes.size(); that also when there are no phrases.
  std::size_t next_candidate(std::string_view bytes, std::size_t from) const;

  // What it holds in memory, beside itself.
  std::size_t bytes() const { return leap_.capacity() + 2 * pairs_.capacity(); }

 private:
  void prepare_leaps(std::vector<std::string> const& phrases);
  std::size_t slot(char const* three) const;

  std::bitset<256> first_;                  // bytes that a phrase begins with
  std::vector<std::array<char, 2>> pairs_;  // what phrases begin with, when these are few
  std::vector<unsigned char> leap_;         // else per three bytes: how far no phrase can begin
  unsigned shift_ = 0;                      // from a hash to a place in leap_
  std::size_t window_ = 0;                  // how many bytes of each phrase leap_ knows
};

}  // namespace corunner
