#include "config/file.hpp"
#include "config/reading.hpp"
#include "test/config/observed_case.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

using namespace corunner;

namespace {

// Keys that the documentation shows and its program does not read either, by file.
std::map<std::string, std::vector<std::string>> const unread{
    {"44", {"runners.referees.metrics.metric_queries"}}};

std::vector<std::filesystem::path> examples() {
  char const* const data = std::getenv("CORUNNER_TEST_DATA");
  REQUIRE(data);
  std::vector<std::filesystem::path> files;
  auto const directory = std::filesystem::path(data) / "config" / "advanced-configuration";
  for (auto const& each : std::filesystem::directory_iterator(directory)) {
    if (each.path().extension() == ".toml") files.push_back(each.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("every example of GitLab Runner's documentation loads, and none of its keys is unknown",
          "[config][documentation]") {
  auto const files = examples();
  CHECK(files.size() == 44);
  for (auto const& file : files) {
    CAPTURE(file.filename().string());
    std::ifstream in(file, std::ios::binary);
    std::string const text(std::istreambuf_iterator<char>(in), {});
    auto const read = config::decode_all(text, test::no_variable);
    CAPTURE(read ? "" : read.error().message);
    REQUIRE(read.has_value());
    std::vector<std::string> names;
    for (auto const& each : read->problems) {
      names.push_back(each.kind == config::problem_kind::unknown ? each.key : each.text);
    }
    auto const known = unread.find(file.stem().string());
    CHECK(names == (known == unread.end() ? std::vector<std::string>() : known->second));
    // And comes back as it is.
    auto const saved = config::encode(read->values);
    auto const again = config::decode_all(saved, test::no_variable);
    REQUIRE(again.has_value());
    CHECK(config::encode(again->values) == saved);
  }
}
