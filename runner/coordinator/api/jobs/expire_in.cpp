#include "runner/coordinator/api/jobs/expire_in.hpp"

#include <cctype>
#include <charconv>
#include <utility>

namespace corunner::coordinator {

namespace {

using std::chrono::seconds;

constexpr seconds otherwise{30 * 24 * 3600};

constexpr std::pair<std::string_view, std::int64_t> units[] = {
    {"seconds", 1}, {"second", 1}, {"secs", 1}, {"sec", 1}, {"s", 1},
    {"minutes", 60}, {"minute", 60}, {"mins", 60}, {"min", 60}, {"m", 60},
    {"hours", 3600}, {"hour", 3600}, {"hrs", 3600}, {"hr", 3600}, {"h", 3600},
    {"days", 86400}, {"day", 86400}, {"d", 86400},
    {"weeks", 604800}, {"week", 604800}, {"wks", 604800}, {"w", 604800},
    {"months", 2592000}, {"month", 2592000}, {"mos", 2592000}, {"mo", 2592000},
    {"years", 31557600}, {"year", 31557600}, {"yrs", 31557600}, {"yr", 31557600}, {"y", 31557600},
};

template <class Is>
std::string_view take(std::string_view& text, Is is) {
  std::size_t count = 0;
  while (count < text.size() && is(static_cast<unsigned char>(text[count]))) ++count;
  auto const taken = text.substr(0, count);
  text.remove_prefix(count);
  return taken;
}

std::optional<std::int64_t> unit_of(std::string_view word) {
  if (word.empty()) return 1;
  for (auto const& [name, length] : units) {
    if (name == word) return length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<seconds> parse_expire_in(std::string_view text) {
  if (text == "never") return std::nullopt;
  std::int64_t total = 0;
  bool any = false;
  while (true) {
    take(text, [](unsigned char c) { return std::isspace(c) || c == ','; });
    if (text.starts_with("and ")) text.remove_prefix(4);
    if (text.empty()) break;
    auto const digits = take(text, [](unsigned char c) { return std::isdigit(c); });
    take(text, [](unsigned char c) { return std::isspace(c); });
    auto const unit = unit_of(take(text, [](unsigned char c) { return std::isalpha(c); }));
    std::int64_t count = 0;
    auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (digits.empty() || read.ec != std::errc() || !unit || count > 1'000'000'000) {
      return otherwise;
    }
    total += count * *unit;
    any = true;
  }
  return any ? seconds(total) : otherwise;
}

}  // namespace corunner::coordinator
