#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::test {

// A file below test/data.
inline std::string read_data(std::string_view name) {
  char const* const root = std::getenv("CORUNNER_TEST_DATA");
  if (!root) throw std::runtime_error("CORUNNER_TEST_DATA is not set");
  std::ifstream file(std::filesystem::path(root) / name);
  if (!file) throw std::runtime_error("cannot read " + std::string(name));
  return {std::istreambuf_iterator<char>(file), {}};
}

// The rows of a list of test/data/parity without its heading.
inline std::vector<std::vector<std::string>> read_tsv(std::string_view name) {
  std::istringstream lines(read_data(name));
  std::vector<std::vector<std::string>> out;
  std::string line;
  while (std::getline(lines, line)) {
    std::vector<std::string> row;
    std::istringstream cells(line);
    std::string cell;
    while (std::getline(cells, cell, '\t')) row.push_back(cell);
    out.push_back(std::move(row));
  }
  out.erase(out.begin());
  return out;
}

}  // namespace corunner::test
