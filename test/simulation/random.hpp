#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace corunner::simulation {

// The only source of chance in a simulated world: the same seed gives the same world on every
// machine (std:: distributions would not).
class chance {
 public:
  explicit chance(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}

  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }

  // Between low and high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  // True `percent` times in a hundred.
  bool percent(unsigned share) { return next() % 100 < share; }

  template <class T>
  T const& one_of(std::vector<T> const& from) {
    return from[next() % from.size()];
  }

 private:
  std::uint64_t state_;
};

}  // namespace corunner::simulation
