#include "test/support/exposition.hpp"

#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

namespace corunner::test {

namespace {

class exposition_reader {
 public:
  // What is wrong with the line; empty when nothing.
  std::string feed(std::string const& line) {
    static std::regex const help("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .*");
    static std::regex const type(
        "# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)");
    std::smatch found;
    if (std::regex_match(line, found, help)) {
      if (found[1].str() <= family_) return "not in order, or a second time";
      family_ = found[1];
      type_.clear();
      return {};
    }
    if (std::regex_match(line, found, type)) {
      if (found[1].str() != family_) return "TYPE without HELP";
      if (!type_.empty()) return "a second TYPE";
      type_ = found[2];
      return {};
    }
    if (line.starts_with('#')) return "an unknown comment";
    return sample(line);
  }

 private:
  std::string sample(std::string const& line) {
    static std::regex const shape(
        R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*",?)*\})? (\S+))re");
    std::smatch found;
    if (!std::regex_match(line, found, shape)) return "no sample";
    if (type_.empty()) return "a sample without TYPE";
    auto name = found[1].str();
    if (type_ == "histogram") {
      name = std::regex_replace(name, std::regex("_(bucket|sum|count)$"), "");
    }
    if (name != family_) return "a sample of another family";
    auto const value = found[5].str();
    char* end = nullptr;
    std::strtod(value.c_str(), &end);
    if (*end != '\0') return "no number";
    auto const series = line.substr(0, line.size() - value.size());
    if (!series_.insert(series).second) return "a series that stands twice";
    return {};
  }

  std::string family_;
  std::string type_;
  std::set<std::string> series_;
};

}  // namespace

std::string exposition_fault(std::string_view text) {
  if (!text.ends_with('\n')) return "the last line is not ended";
  std::istringstream lines{std::string(text)};
  exposition_reader reader;
  for (std::string line; std::getline(lines, line);) {
    if (auto const why = reader.feed(line); !why.empty()) return why + ": " + line;
  }
  return {};
}

}  // namespace corunner::test
