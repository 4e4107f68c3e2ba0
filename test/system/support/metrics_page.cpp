#include "test/system/support/metrics_page.hpp"

#include "test/system/support/files.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <sstream>

namespace corunner::test {

namespace {

std::vector<std::string> split(std::string const& text, char at) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) out.push_back(part);
  return out;
}

// The lines below the names of the columns.
std::vector<std::vector<std::string>> read_table(std::string const& name) {
  char const* const data = std::getenv("CORUNNER_TEST_DATA");
  REQUIRE(data);
  auto const text = read_file(std::filesystem::path(data) / "parity" / name);
  REQUIRE_FALSE(text.empty());
  std::vector<std::vector<std::string>> out;
  for (auto const& line : split(text, '\n')) out.push_back(split(line, '\t'));
  out.erase(out.begin());
  return out;
}

bool matches(std::string const& pattern, std::string const& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

}  // namespace

metrics_page::metrics_page(std::string text) : text_(std::move(text)) {
  std::string family;
  for (auto const& line : split(text_, '\n')) {
    auto const words = split(line, ' ');
    if (line.starts_with("# TYPE ")) types_[family = words.at(2)] = words.at(3);
    if (!line.starts_with('#')) samples_.push_back(parse(line, family));
  }
}

metrics_page::sample metrics_page::parse(std::string const& line, std::string const& family) const {
  static std::regex const label(R"re(([a-z_]+)="((?:[^"\\]|\\.)*)")re");
  sample out{.family = family, .name = line.substr(0, line.find_first_of("{ ")), .with = {}};
  auto const end = line.rfind(' ');
  out.value = std::stod(line.substr(end + 1));
  auto const begin = line.begin() + static_cast<std::ptrdiff_t>(out.name.size());
  std::sregex_iterator each(begin, line.begin() + static_cast<std::ptrdiff_t>(end), label);
  for (; each != std::sregex_iterator(); ++each) out.with[(*each)[1]] = (*each)[2];
  return out;
}

std::set<std::string> metrics_page::names() const {
  std::set<std::string> out;
  for (auto const& [name, type] : types_) out.insert(name);
  return out;
}

std::set<std::string> metrics_page::labels_of(std::string const& family) const {
  std::set<std::string> out;
  for (auto const& each : samples_) {
    if (each.family != family) continue;
    for (auto const& [name, value] : each.with) {
      if (name != "le") out.insert(name);
    }
  }
  return out;
}

std::vector<std::string> metrics_page::buckets_of(std::string const& family) const {
  std::vector<std::string> out;
  for (auto const& each : samples_) {
    auto const bound = each.with.find("le");
    if (each.family != family || bound == each.with.end()) continue;
    if (bound->second == "+Inf") break;
    out.push_back(bound->second);
  }
  return out;
}

std::optional<double> metrics_page::sum(std::string const& name, labels const& wanted) const {
  std::optional<double> out;
  for (auto const& each : samples_) {
    if (each.name != name || !std::ranges::includes(each.with, wanted)) continue;
    out = out.value_or(0) + each.value;
  }
  return out;
}

parity_list::parity_list() {
  for (auto const& cells : read_table("metrics.tsv")) {
    row one{.name = cells.at(0), .type = cells.at(1), .labels = {}, .buckets = {}};
    for (auto const& label : split(cells.at(2), ',')) one.labels.insert(label);
    // Behind the bounds may stand what values a label has.
    if (one.type == "histogram") one.buckets = split(split(cells.at(3) + ";", ';').at(0), ',');
    rows_.push_back(std::move(one));
  }
  for (auto const& cells : read_table("metrics-differences.tsv")) {
    REQUIRE(cells.size() == 2);
    REQUIRE_FALSE(cells[1].empty());
    left_out_.push_back(cells[0]);
  }
}

bool parity_list::is_left_out(std::string const& name) const {
  return std::ranges::any_of(left_out_, [&](auto const& each) { return matches(each, name); });
}

bool parity_list::knows(std::string const& name) const {
  return std::ranges::any_of(rows_, [&](row const& each) { return each.name == name; });
}

}  // namespace corunner::test
