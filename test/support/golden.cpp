#include "test/support/golden.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace corunner::test {
namespace {

bool is_accepting() {
  char const* const accept = std::getenv("CORUNNER_ACCEPT");
  return accept != nullptr && std::string_view(accept) == "1";
}

std::set<std::string> lines_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::set<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

// The lines that only one of two long texts has.
std::string difference(std::string_view expected, std::string_view found) {
  auto const before = lines_of(expected);
  auto const now = lines_of(found);
  std::string out;
  for (auto const& line : before) {
    if (!now.contains(line)) out += "- " + line + '\n';
  }
  for (auto const& line : now) {
    if (!before.contains(line)) out += "+ " + line + '\n';
  }
  return out;
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
  INFO(difference(expected, text));
  CHECK(text == expected);
}

}  // namespace corunner::test
