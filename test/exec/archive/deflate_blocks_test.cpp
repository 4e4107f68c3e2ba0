#include "exec/archive/deflate_blocks.hpp"

#include "exec/archive/compress.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <libdeflate.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace corunner::exec;

namespace {

using level = compression_level;

std::optional<std::string> inflated(std::string_view packed, std::size_t size) {
  auto* const with = libdeflate_alloc_decompressor();
  std::string out(size, '\0');
  auto const ended = libdeflate_deflate_decompress(with, packed.data(), packed.size(), out.data(),
                                                   out.size(), nullptr);
  libdeflate_free_decompressor(with);
  if (ended != LIBDEFLATE_SUCCESS) return std::nullopt;
  return out;
}

// Contents whose streams differ in kind: text, noise, few symbols, some symbols very rare (so that
// their codes are long), far repetitions, and a mixture.
std::string content(int kind, std::size_t size, std::mt19937& random) {
  std::string out;
  out.reserve(size);
  auto const skewed = [&] {
    auto const rare = -std::log2(1.0 - (random() % 1'000'000) / 1e6) * 9;
    return static_cast<char>(static_cast<unsigned char>(std::min(255.0, rare)));
  };
  while (out.size() < size) {
    switch (kind) {
      case 0: out += "line " + std::to_string(random() % 5000) + " of a text\n"; break;
      case 1: out += static_cast<char>(random()); break;
      case 2: out += "ab"[random() % 2]; break;
      case 3: out += skewed(); break;
      case 4:
        if (out.size() > 40'000 && random() % 3) {
          out += out.substr(out.size() - 1 - random() % 32'000, 3 + random() % 300);
        } else {
          out += std::to_string(random());
        }
        break;
      default: out += content(static_cast<int>(random() % 5), 1 + random() % 30'000, random);
    }
  }
  out.resize(size);
  return out;
}

}  // namespace

TEST_CASE("parts of a deflate stream that were made alone are one stream together",
          "[exec][archive]") {
  std::mt19937 random(1);
  auto const which = GENERATE(level::fast, level::normal, level::slow, level::slowest);
  for (int kind = 0; kind < 6; ++kind) {
    for (std::size_t const size : {0u, 1u, 2u, 100u, 5'000u, 70'000u, 300'000u}) {
      CAPTURE(kind, size);
      auto const first = content(kind, size, random);
      auto const second = content((kind + 1) % 6, size / 2, random);
      auto const packed =
          deflate_part(first, which) + deflate_part(second, which) + std::string(deflate_end);
      REQUIRE(inflated(packed, first.size() + second.size()) == first + second);
    }
  }
}

TEST_CASE("the ends of a stream are found to the bit", "[exec][archive]") {
  std::mt19937 random(2);
  for (int kind = 0; kind < 6; ++kind) {
    for (std::size_t const size : {0u, 3u, 1'000u, 200'000u}) {
      CAPTURE(kind, size);
      auto const stream = deflate_whole(content(kind, size, random), level::normal);
      auto const ends = find_ends(stream).value();
      CHECK(ends.last_block < ends.end);
      CHECK((ends.end + 7) / 8 == stream.size());
      CHECK((stream[ends.last_block / 8] >> ends.last_block % 8 & 1) == 1);
    }
  }
}

TEST_CASE("the last block is found from the end by what it unpacks to", "[exec][archive]") {
  std::mt19937 random(5);
  auto const which = GENERATE(level::fast, level::normal, level::slowest);
  for (int kind = 0; kind < 6; ++kind) {
    for (std::size_t const size : {0u, 200u, 1'000u, 20'000u, 700'000u}) {
      CAPTURE(kind, size);
      auto const bytes = content(kind, size, random);
      auto const stream = deflate_whole(bytes, which);
      auto const ends = find_last_block(stream, bytes);
      bool const sure = kind == 0 && size >= 1'000;
      CHECK((ends || !sure));
      if (!ends) continue;
      auto const followed = find_ends(stream).value();
      CHECK(ends->last_block == followed.last_block);
      CHECK(ends->end == followed.end);
    }
  }
}

TEST_CASE("what only looks like the last block is not taken for it", "[exec][archive]") {
  std::mt19937 random(6);
  auto const bytes = content(0, 50'000, random);
  auto const stream = deflate_whole(bytes, level::normal);
  REQUIRE(find_last_block(stream, bytes));
  auto other = bytes;
  other.back() = '!';
  CHECK_FALSE(find_last_block(stream, other));
  CHECK_FALSE(find_last_block(stream, bytes.substr(0, 100)));
  CHECK_FALSE(find_last_block(stream, ""));
  CHECK_FALSE(find_last_block(stream.substr(0, stream.size() - 2), bytes));
  CHECK_FALSE(find_last_block(stream + "xyz", bytes));
  for (int i = 0; i < 300; ++i) {
    auto broken = stream;
    broken[random() % broken.size()] ^= static_cast<char>(1 << random() % 8);
    auto const ends = find_last_block(broken, bytes);
    if (ends) CHECK(ends->end <= broken.size() * 8);
  }
}

TEST_CASE("a cut stream has no end, and a damaged one no harm", "[exec][archive]") {
  std::mt19937 random(3);
  auto const whole = deflate_whole(content(5, 60'000, random), level::normal);
  for (std::size_t size = 0; size + 1 < whole.size(); size += 1 + size / 50) {
    CAPTURE(size);
    REQUIRE_FALSE(find_ends(whole.substr(0, size)));
  }
  for (int i = 0; i < 3000; ++i) {
    auto broken = whole;
    broken[random() % broken.size()] ^= static_cast<char>(1 << random() % 8);
    if (auto const ends = find_ends(broken)) CHECK(ends->end <= broken.size() * 8);
  }
  std::string noise = content(1, 20'000, random);
  CHECK_FALSE(leave_open(noise, noise));
}

TEST_CASE("what does not shrink is stored inside of the stream", "[exec][archive]") {
  std::mt19937 random(4);
  auto const noise = content(1, 500'000, random);
  CHECK_FALSE(may_shrink(noise));
  CHECK(may_shrink(content(0, 500'000, random)));
  CHECK(may_shrink(noise.substr(0, 1000)));
  auto const part = deflate_part(noise, level::normal);
  CHECK(part == stored_blocks(noise));
  CHECK(part.size() <= noise.size() + 5 * (noise.size() / 65535 + 1));
  CHECK(inflated(part + std::string(deflate_end), noise.size()) == noise);
  CHECK(stored_blocks("").empty());
}
