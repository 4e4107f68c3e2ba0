#include "config/time_zone.hpp"

#include <algorithm>
#include <array>

namespace corunner::config {

namespace {

constexpr std::int64_t day_length = 86'400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int> take_number(std::string_view& text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  int value = 0;
  for (; !text.empty() && is_digit(text.front()) && value < 10'000; text.remove_prefix(1)) {
    value = value * 10 + (text.front() - '0');
  }
  return value;
}

// "CEST", "<+03>"
bool take_name(std::string_view& text) {
  auto const end = text.find('>');
  if (text.starts_with('<')) {
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
    return true;
  }
  std::size_t length = 0;
  while (length < text.size() && ((text[length] | 0x20) >= 'a' && (text[length] | 0x20) <= 'z')) {
    ++length;
  }
  text.remove_prefix(length);
  return length >= 3;
}

// "-1", "5:30", "+167:00:00" in seconds
std::optional<std::int64_t> take_time(std::string_view& text) {
  bool const negative = take(text, '-');
  if (!negative) take(text, '+');
  std::int64_t total = 0;
  std::int64_t unit = 3600;
  do {
    auto const part = take_number(text);
    if (!part) return std::nullopt;
    total += *part * unit;
    unit /= 60;
  } while (unit > 0 && take(text, ':'));
  return negative ? -total : total;
}

// Days from 1970-01-01 to a date.
std::int64_t days_to(int year, int month, int day) {
  std::int64_t const y = month <= 2 ? year - 1 : year;
  std::int64_t const era = (y >= 0 ? y : y - 399) / 400;
  std::int64_t const of_era = y - era * 400;
  std::int64_t const of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

int weekday_of(std::int64_t days) { return static_cast<int>(((days % 7) + 11) % 7); }

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

}  // namespace

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

civil_time civil_of(std::int64_t local_seconds) {
  auto const days =
      (local_seconds >= 0 ? local_seconds : local_seconds - (day_length - 1)) / day_length;
  auto const rest = static_cast<int>(local_seconds - days * day_length);
  auto const shifted = days + 719'468;
  auto const era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  auto const of_era = shifted - era * 146'097;
  auto const year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  auto const of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  auto const month = (5 * of_year + 2) / 153;
  civil_time made;
  made.day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
  made.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  made.year = static_cast<int>(year_of_era + era * 400) + (made.month <= 2 ? 1 : 0);
  made.hour = rest / 3600;
  made.minute = rest / 60 % 60;
  made.second = rest % 60;
  made.weekday = weekday_of(days);
  return made;
}

std::optional<zone_rule::change> zone_rule::parse_change(std::string_view& text) {
  change made;
  if (!take(text, ',')) return std::nullopt;
  std::optional<int> first;
  if (take(text, 'M')) {
    first = take_number(text);
    auto const week = take(text, '.') ? take_number(text) : std::nullopt;
    auto const day = take(text, '.') ? take_number(text) : std::nullopt;
    if (!first || !week || !day || *first < 1 || *first > 12 || *week < 1 || *week > 5 ||
        *day > 6) {
      return std::nullopt;
    }
    made.month = *first;
    made.week = *week;
    made.day = *day;
  } else {
    made.is = take(text, 'J') ? change::form::day_but_leap_day : change::form::day_of_year;
    first = take_number(text);
    if (!first || *first > 365) return std::nullopt;
    made.day = *first;
  }
  if (!take(text, '/')) return made;
  auto const time = take_time(text);
  if (!time) return std::nullopt;
  made.time = *time;
  return made;
}

std::optional<zone_rule> zone_rule::parse(std::string_view text) {
  zone_rule made;
  if (!take_name(text)) return std::nullopt;
  auto const standard = take_time(text);
  if (!standard) return std::nullopt;
  made.standard_ = -*standard;
  if (text.empty()) return made;
  made.has_daylight_ = true;
  made.daylight_ = made.standard_ + 3600;
  if (!take_name(text)) return std::nullopt;
  if (!text.empty() && text.front() != ',') {
    auto const daylight = take_time(text);
    if (!daylight) return std::nullopt;
    made.daylight_ = -*daylight;
  }
  auto const start = parse_change(text);
  auto const end = start ? parse_change(text) : std::nullopt;
  if (!end || !text.empty()) return std::nullopt;
  made.start_ = *start;
  made.end_ = *end;
  return made;
}

// The second of the change in `year`, on the clock that shows before it.
std::int64_t zone_rule::local_second(change const& when, int year) {
  auto days = days_to(year, 1, 1);
  switch (when.is) {
    case change::form::day_of_year: days += when.day; break;
    case change::form::day_but_leap_day:
      days += when.day - 1 + (is_leap(year) && when.day >= 60 ? 1 : 0);
      break;
    case change::form::weekday: {
      auto const first = days_to(year, when.month, 1);
      auto day = (when.day - weekday_of(first) + 7) % 7 + 7 * (when.week - 1);
      while (day >= days_in_month(year, when.month)) day -= 7;
      days = first + day;
    }
  }
  return days * day_length + when.time;
}

zone_rule::offset zone_rule::offset_at(std::int64_t utc) const {
  auto const year = civil_of(utc + standard_).year;
  if (!has_daylight_) return {standard_, days_to(year + 1, 1, 1) * day_length - standard_};
  // The changes around, in order; what holds from each.
  std::array<offset, 6> changes;
  for (int i = 0; i < 3; ++i) {
    auto const at = static_cast<std::size_t>(2 * i);
    changes[at] = {daylight_, local_second(start_, year - 1 + i) - standard_};
    changes[at + 1] = {standard_, local_second(end_, year - 1 + i) - daylight_};
  }
  std::sort(changes.begin(), changes.end(),
            [](offset const& a, offset const& b) { return a.until < b.until; });
  std::int64_t holds = changes.front().seconds == standard_ ? daylight_ : standard_;
  for (offset const& each : changes) {
    if (utc < each.until) return {holds, each.until};
    holds = each.seconds;
  }
  return {holds, utc + day_length};
}

}  // namespace corunner::config
