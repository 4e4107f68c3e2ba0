// Loads arbitrary bytes as a configuration file. What loads is saved, and loads again as the same
// text without a problem that the first had not; the report of problems is made, whatever the
// bytes.
//
// Seeds: test/data/config/seeds. Run by hand: build/test/fuzz/config_fuzz -max_total_time=60 CORPUS
// test/data/config/seeds
#include "config/problem.hpp"
#include "config/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace corunner;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::optional<std::string> variable(std::string_view name) {
  if (name == "SET") return "value $OTHER";
  return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const read = config::inspect(text, variable);
  if (!read) {
    require(read.error().message.starts_with("toml: line "));
    return 0;
  }
  for (auto const& each : read->problems) require(!config::describe(each, "f").empty());
  (void)config::describe_briefly(read->problems, "f");

  auto const saved = config::encode(read->values);
  auto const again = config::inspect(saved, variable);
  require(again.has_value());
  require(again->problems.size() <= read->problems.size());
  require(config::encode(again->values) == saved);
  return 0;
}
