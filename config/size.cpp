#include "config/size.hpp"

#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

namespace corunner::config {

namespace {

// What one unit of this suffix is; nothing when there is no such suffix.
std::optional<double> unit_of(std::string suffix) {
  for (char& c : suffix) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (suffix.empty() || suffix == "b") return 1;
  constexpr std::string_view powers = "kmgtp";
  auto const power = powers.find(suffix.front());
  auto const rest = std::string_view(suffix).substr(1);
  if (power == std::string_view::npos || (!rest.empty() && rest != "b" && rest != "ib")) {
    return std::nullopt;
  }
  return std::pow(1024.0, static_cast<double>(power + 1));
}

}  // namespace

std::optional<std::int64_t> parse_size(std::string_view text) {
  double number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !(number >= 0)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  auto const unit = unit_of(std::string(text));
  constexpr double too_many = 9.2e18;
  if (!unit || number * *unit > too_many) return std::nullopt;
  return static_cast<std::int64_t>(number * *unit);
}

}  // namespace corunner::config
