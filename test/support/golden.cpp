#include "test/support/golden.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace corunner::test {
namespace {

bool is_accepting() {
  char const* const accept = std::getenv("CORUNNER_ACCEPT");
  return accept != nullptr && std::string_view(accept) == "1";
}

}  // namespace

void check_golden(std::string const& name, std::string_view text) {
  char const* const data = std::getenv("CORUNNER_TEST_DATA");
  REQUIRE(data != nullptr);
  auto const file = std::filesystem::path(data) / name;
  if (is_accepting()) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    SKIP("wrote " << file.string());
  }
  std::ifstream in(file, std::ios::binary);
  CAPTURE(file.string());
  REQUIRE(in.good());
  std::string const expected{std::istreambuf_iterator<char>(in), {}};
  CHECK(text == expected);
}

}  // namespace corunner::test
