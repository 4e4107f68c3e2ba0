#include "config/size.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

using namespace corunner;

TEST_CASE("a size is a number with a power of 1024", "[config][size]") {
  auto const [text, bytes] = GENERATE(table<std::string, std::int64_t>({
      {"0", 0},
      {"1024", 1024},
      {"7b", 7},
      {"512m", 512LL << 20},
      {"2G", 2LL << 30},
      {"1.5 GiB", 3LL << 29},
      {"1e3k", 1000LL << 10},
      {"1.7", 1},
      {"3TB", 3LL << 40},
      {"1p", 1LL << 50},
  }));
  CAPTURE(text);
  CHECK(config::parse_size(text) == bytes);
}

TEST_CASE("what is no size is refused", "[config][size]") {
  std::string const text = GENERATE("", "m", "-1", "-1m", "1  m", "1mm", "1ki b", "1x", "nan",
                                    "inf", "9e30p", "1 m ", "0x10");
  CAPTURE(text);
  CHECK_FALSE(config::parse_size(text));
}
