#include "test/config/observed_case.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace corunner::test {

namespace {

std::filesystem::path cases_directory() {
  char const* const data = std::getenv("CORUNNER_TEST_DATA");
  if (!data) throw std::runtime_error("CORUNNER_TEST_DATA is not set");
  return std::filesystem::path(data) / "observed" / "cli" / "cases";
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::optional<std::string> text_of(boost::json::value const& files, std::string_view file) {
  auto const* const entry = files.as_object().if_contains({file.data(), file.size()});
  if (!entry || !entry->as_object().contains("lines")) return std::nullopt;
  std::string text;
  bool first = true;
  for (auto const& line : entry->at("lines").as_array()) {
    if (!std::exchange(first, false)) text += '\n';
    text += std::string(line.as_string());
  }
  replace_all(text, "{url}", "http://gitlab.test");
  replace_all(text, "{now}", "2026-01-02T03:04:05Z");
  return text;
}

}  // namespace

std::optional<std::string> observed_case::file_before(std::string_view file) const {
  auto const value = boost::json::parse(json);
  auto const* const files = value.as_object().if_contains("files");
  return files ? text_of(*files, file) : std::nullopt;
}

std::optional<std::string> observed_case::file_after(std::string_view file) const {
  auto const value = boost::json::parse(json);
  return text_of(value.at("observed").at("files"), file);
}

observed_case load_observed_case(std::string_view name) {
  std::ifstream in(cases_directory() / (std::string(name) + ".json"), std::ios::binary);
  if (!in) throw std::runtime_error("no such case: " + std::string(name));
  return {std::string(name), std::string(std::istreambuf_iterator<char>(in), {})};
}

bool observed_case::has_registered() const {
  auto const value = boost::json::parse(json);
  return name.starts_with("register-") &&
         value.at("observed").at("exit") == boost::json::value(0) &&
         file_after("config.toml").has_value();
}

std::vector<std::string> registrations_observed() {
  std::vector<std::string> names;
  for (auto const& each : std::filesystem::directory_iterator(cases_directory())) {
    auto name = each.path().stem().string();
    if (load_observed_case(name).has_registered()) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> no_variable(std::string_view) { return std::nullopt; }

}  // namespace corunner::test
