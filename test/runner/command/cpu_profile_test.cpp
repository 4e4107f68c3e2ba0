#include "runner/command/cpu_profile.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <vector>

using namespace corunner;

namespace {

// Spends CPU time, not time: how busy the machine is does not matter.
[[gnu::noinline]] std::uint64_t burn(std::clock_t ticks) {
  std::uint64_t volatile sum = 0;
  for (auto const end = std::clock() + ticks; std::clock() < end;) {
    for (int round = 0; round < 1000; ++round) sum = sum * 31 + 7;
  }
  return sum;
}

struct scratch_file {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("corunner-profile-{}", ::getpid());
  ~scratch_file() { std::filesystem::remove(path); }

  std::string text() const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

std::uint64_t word_at(std::string const& bytes, std::size_t index) {
  std::uint64_t word = 0;
  REQUIRE(bytes.size() >= (index + 1) * 8);
  std::memcpy(&word, bytes.data() + index * 8, 8);
  return word;
}

}  // namespace

TEST_CASE("a profile has the samples between its header and its end, and then the map",
          "[command][profile]") {
  scratch_file file;
  {
    cpu_profile profile;
    REQUIRE_FALSE(profile.start(file.path));
    burn(CLOCKS_PER_SEC / 2);
  }
  auto const bytes = file.text();
  CHECK(word_at(bytes, 0) == 0);
  CHECK(word_at(bytes, 1) == 3);
  CHECK(word_at(bytes, 3) == 10'000);
  std::size_t at = 5;
  int samples = 0;
  while (word_at(bytes, at) != 0) {
    CHECK(word_at(bytes, at) == 1);
    auto const depth = word_at(bytes, at + 1);
    CHECK(depth >= 1);
    CHECK(depth <= 64);
    CHECK(word_at(bytes, at + 2) != 0);
    at += 2 + depth;
    ++samples;
  }
  CHECK(samples >= 10);
  CHECK(word_at(bytes, at + 1) == 1);
  CHECK(word_at(bytes, at + 2) == 0);
  CHECK(bytes.find("[stack]", (at + 3) * 8) != bytes.npos);
}

TEST_CASE("a profile that cannot be written is told", "[command][profile]") {
  cpu_profile profile;
  CHECK(profile.start("/nonexistent/profile").value_or("").find("/nonexistent/profile") !=
        std::string::npos);
}
