#pragma once

#include "test/support/tsv.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace corunner::test {

// What the lists of test/data/parity name as proof that we do what GitLab Runner does.

inline std::filesystem::path test_data() {
  char const* const data = std::getenv("CORUNNER_TEST_DATA");
  REQUIRE(data);
  return data;
}

inline std::string contents(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The names of tests are wrapped where they are long.
inline std::string without_wraps(std::string text) {
  for (std::string const wrap = "\"\n"; true;) {
    auto const at = text.find(wrap);
    if (at == std::string::npos) return text;
    auto const next = text.find_first_not_of(' ', at + wrap.size());
    bool const goes_on = next != std::string::npos && text[next] == '"';
    text.erase(at, goes_on ? next + 1 - at : wrap.size());
  }
}

// A recorded job that has to do with `word`: in what is asked or in what was seen.
inline void check_recorded_job(std::string const& word, std::string const& name) {
  CAPTURE(word, name);
  auto const directory = test_data() / "observed/jobs/cases" / name;
  REQUIRE(std::filesystem::is_directory(directory));
  bool found = false;
  for (auto const& file : std::filesystem::recursive_directory_iterator(directory)) {
    found =
        found || (file.is_regular_file() && contents(file.path()).find(word) != std::string::npos);
  }
  CHECK(found);
}

// "runner/job/x_test.cpp: what it says": a test of that name in that file.
inline void check_test(std::string const& where) {
  CAPTURE(where);
  auto const colon = where.find(": ");
  REQUIRE(colon != std::string::npos);
  auto const text = without_wraps(contents(test_data().parent_path() / where.substr(0, colon)));
  CHECK(text.find("TEST_CASE(\"" + where.substr(colon + 2) + "\"") != std::string::npos);
}

}  // namespace corunner::test
