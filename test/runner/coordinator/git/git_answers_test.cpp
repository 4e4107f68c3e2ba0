#include "runner/coordinator/git/answer_memory.hpp"
#include "runner/coordinator/git/gunzip.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fmt/format.h>

using namespace corunner;
using coordinator::answer_memory;
using coordinator::gunzip;

TEST_CASE("an answer is known until a repository changes", "[coordinator][git]") {
  answer_memory memory;
  CHECK(memory.find("what") == nullptr);
  memory.keep("what", "that", memory.generation());
  REQUIRE(memory.find("what") != nullptr);
  CHECK(*memory.find("what") == "that");
  CHECK(memory.find("whatever") == nullptr);
  memory.forget();
  CHECK(memory.find("what") == nullptr);
}

TEST_CASE("an answer from before a change is not kept", "[coordinator][git]") {
  answer_memory memory;
  auto const asked_at = memory.generation();
  memory.forget();
  memory.keep("what", "that", asked_at);
  CHECK(memory.find("what") == nullptr);
}

TEST_CASE("the memory of answers is bounded, the oldest go", "[coordinator][git]") {
  answer_memory memory;
  memory.keep("huge", std::string(answer_memory::most_of_one, 'x'), 0);
  CHECK(memory.find("huge") == nullptr);
  std::string const large(answer_memory::most_of_one - 16, 'x');
  for (int i = 0; i != 20; ++i) memory.keep(fmt::format("question {}", i), large, 0);
  CHECK(memory.find("question 0") == nullptr);
  CHECK(memory.find("question 3") == nullptr);
  CHECK(memory.find("question 4") != nullptr);
  CHECK(memory.find("question 19") != nullptr);
}

namespace {

// printf 'hello hello hello\n' | gzip -n
constexpr unsigned char packed[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
                                    0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x40, 0x90, 0x5c,
                                    0x00, 0x3b, 0x7c, 0x8a, 0xdf, 0x12, 0x00, 0x00, 0x00};
std::string_view const hello(reinterpret_cast<char const*>(packed), sizeof packed);

}  // namespace

TEST_CASE("a gzip member is unpacked up to a limit", "[coordinator][git]") {
  auto const content = gunzip(hello, 18);
  REQUIRE(content);
  CHECK(*content == "hello hello hello\n");
  CHECK_FALSE(gunzip(hello, 17));
}

TEST_CASE("a gzip member that is damaged in any byte is refused", "[coordinator][git]") {
  CHECK_FALSE(gunzip("", 100));
  for (std::size_t length = 0; length != hello.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(gunzip(hello.substr(0, length), 100));
  }
  auto damaged = std::string(hello);
  damaged[damaged.size() - 6] ^= 1;  // in the checksum
  CHECK_FALSE(gunzip(damaged, 100));
}
