#include "exec/archive/crc32.hpp"

#include <libdeflate.h>

namespace corunner::exec {
namespace {

constexpr std::uint32_t polynomial = 0xEDB88320;  // reflected: bit 31 stands for x^0
constexpr std::uint32_t one = 0x80000000;

// The product of two polynomials over GF(2), modulo the polynomial.
std::uint32_t multiply(std::uint32_t a, std::uint32_t b) {
  std::uint32_t product = 0;
  for (std::uint32_t bit = one; bit != 0; bit >>= 1) {
    if (a & bit) product ^= b;
    b = (b & 1) ? (b >> 1) ^ polynomial : b >> 1;
  }
  return product;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t before) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second,
                            std::uint64_t second_length) {
  // x^(8 * second_length), by squaring.
  std::uint32_t shift = one;
  std::uint32_t power = one >> 8;
  for (auto rest = second_length; rest != 0; rest >>= 1) {
    if (rest & 1) shift = multiply(shift, power);
    power = multiply(power, power);
  }
  return multiply(shift, first) ^ second;
}

}  // namespace corunner::exec
