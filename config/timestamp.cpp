#include "config/field.hpp"

#include <fmt/format.h>

#include <charconv>

namespace corunner::config {

namespace {

// Takes `digits` decimal digits off the front of `text`; nothing when there are fewer.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || text.front() == '-') {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// ".123456789" and the like; the digits past a nanosecond are dropped.
std::chrono::nanoseconds take_fraction(std::string_view& text) {
  std::int64_t value = 0;
  std::int64_t unit = 1'000'000'000;
  if (!take(text, ".")) return std::chrono::nanoseconds(0);
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
    unit /= 10;
    value += unit * (text.front() - '0');
  }
  return std::chrono::nanoseconds(value);
}

// "Z" or "+02:00": how far ahead of UTC the time is.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return std::chrono::minutes(0);
  if (text.empty()) return std::nullopt;
  bool const behind = text.front() == '-';
  if (!take(text, "+-")) return std::nullopt;
  auto const hours = take_number(text, 2);
  if (!hours || !take(text, ":")) return std::nullopt;
  auto const minutes = take_number(text, 2);
  if (!minutes) return std::nullopt;
  auto const offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return behind ? -offset : offset;
}

}  // namespace

std::string format_timestamp(std::optional<timestamp> const& when) {
  if (!when) return "0001-01-01T00:00:00Z";
  auto const days = std::chrono::floor<std::chrono::days>(*when);
  std::chrono::year_month_day const date(days);
  std::chrono::hh_mm_ss const time(
      std::chrono::duration_cast<std::chrono::nanoseconds>(*when - days));
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                          time.hours().count(), time.minutes().count(), time.seconds().count());
  if (auto const fraction = time.subseconds().count(); fraction != 0) {
    text += fmt::format(".{:09}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

std::optional<std::optional<timestamp>> parse_timestamp(std::string_view text) {
  auto const year = take_number(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  auto const month = take_number(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  auto const day = take_number(text, 2);
  if (!day || !take(text, "Tt ")) return std::nullopt;
  auto const hour = take_number(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  auto const minute = take_number(text, 2);
  if (!minute) return std::nullopt;
  std::optional<int> second = 0;  // TOML 1.1 lets them away
  if (take(text, ":")) second = take_number(text, 2);
  if (!second) return std::nullopt;
  auto const fraction = take_fraction(text);
  auto const offset = take_offset(text);
  std::chrono::year_month_day const date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!offset || !text.empty() || !date.ok()) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  // What the clock's type cannot hold is as good as never.
  if (*year < 1678 || *year > 2261) return std::optional<timestamp>();
  return timestamp(std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                   std::chrono::minutes(*minute) + std::chrono::seconds(*second) - *offset +
                   fraction);
}

}  // namespace corunner::config
