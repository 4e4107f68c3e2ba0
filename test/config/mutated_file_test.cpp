#include "config/reading.hpp"

#include "test/config/observed_case.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

using namespace corunner;

namespace {

std::vector<std::string> originals() {
  std::vector<std::string> texts;
  for (auto const& name : test::registrations_observed()) {
    auto const observed = test::load_observed_case(name);
    if (auto text = observed.file_before("config.toml")) texts.push_back(*std::move(text));
    if (auto text = observed.file_after("config.toml")) texts.push_back(*std::move(text));
  }
  auto const seeds = std::filesystem::path(std::getenv("CORUNNER_TEST_DATA")) / "config" / "seeds";
  for (auto const& each : std::filesystem::directory_iterator(seeds)) {
    std::ifstream in(each.path(), std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return texts;
}

// Changes, removes, repeats or inserts something, mostly a line, for most such files are still
// TOML.
std::string mutated(std::string text, std::mt19937& random) {
  auto const below = [&](std::size_t end) { return end ? random() % end : 0; };
  auto const line_at = [&](std::size_t at) {
    auto const begin = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    auto const from = begin == std::string::npos ? 0 : begin + 1;
    auto const end = text.find('\n', from);
    return std::pair(from, end == std::string::npos ? text.size() - from : end + 1 - from);
  };
  constexpr std::string_view odd = "\"'[]{}=.,#\\\n\0\xff$01-";
  auto const [from, length] = line_at(below(text.size()));
  switch (below(6)) {
    case 0: text.erase(from, length); break;
    case 1: text.insert(from, text.substr(from, length)); break;
    case 2: text.insert(line_at(below(text.size())).first, text.substr(from, length)); break;
    case 3: text.erase(below(text.size()), 1); break;
    case 4: text.insert(below(text.size()), 1, odd[below(odd.size())]); break;
    default: text.resize(below(text.size())); break;
  }
  return text;
}

}  // namespace

TEST_CASE("what loads is saved as a text that loads as the same", "[config][mutated]") {
  auto const texts = originals();
  std::mt19937 random(7);
  int loaded = 0;
  for (int round = 0; round < 600; ++round) {
    auto text = texts[random() % texts.size()];
    for (auto count = random() % 3; count > 0; --count) text = mutated(std::move(text), random);
    CAPTURE(round, text);
    auto const read = config::inspect(text, test::no_variable);
    if (!read) {
      REQUIRE(read.error().message.starts_with("toml: line "));
      continue;
    }
    ++loaded;
    auto const saved = config::encode(read->values);
    auto const again = config::inspect(saved, test::no_variable);
    REQUIRE(again.has_value());
    REQUIRE(again->problems.size() <= read->problems.size());
    REQUIRE(config::encode(again->values) == saved);
  }
  CHECK(loaded > 200);
}
