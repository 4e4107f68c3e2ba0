#include "config/cron.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace corunner::config {

namespace {

using names = std::span<std::string_view const>;

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> weekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};

// A field of a pattern: its values, and the words that stand for the first ones.
struct field_kind {
  std::string_view name;
  int least;
  int most;
  names words;
};

constexpr field_kind second_field{"second", 0, 59, {}};
constexpr field_kind minute_field{"minute", 0, 59, {}};
constexpr field_kind hour_field{"hour", 0, 23, {}};
constexpr field_kind day_field{"day-of-month", 1, 31, {}};
constexpr field_kind month_field{"month", 1, 12, months};
constexpr field_kind weekday_field{"day-of-week", 0, 6, weekdays};
constexpr field_kind year_field{"year", 1970, 2099, {}};

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

// "5", "mon", "monday"; 7 is another Sunday.
std::optional<int> value_of(std::string_view text, field_kind const& kind) {
  for (std::size_t i = 0; i < kind.words.size(); ++i) {
    if (text == kind.words[i] || text == kind.words[i].substr(0, 3)) {
      return kind.least + static_cast<int>(i);
    }
  }
  auto const value = number_of(text);
  if (!value) return std::nullopt;
  if (kind.name == weekday_field.name && *value == 7) return 0;
  if (*value < kind.least || *value > kind.most) return std::nullopt;
  return value;
}

// One item of a list: the values first, first + step, ... up to last; a first behind the last is an
// empty set.
struct item {
  int first = 0;
  int last = 0;
  int step = 1;
  bool all = false;  // "*" or "?"
};

std::optional<item> parse_values(std::string_view text, field_kind const& kind, bool with_step) {
  if (text == "*" || text == "?") {
    if (with_step && text == "?") return std::nullopt;
    return item{kind.least, kind.most, 1, !with_step};
  }
  auto const dash = text.find('-');
  auto const first = value_of(text.substr(0, dash), kind);
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return item{*first, with_step ? kind.most : *first};
  auto const last = value_of(text.substr(dash + 1), kind);
  if (!last) return std::nullopt;
  return item{*first, *last};
}

// Failure: a step that is none. Nothing: another form.
outcome<std::optional<item>> parse_item(std::string_view text, field_kind const& kind) {
  auto const slash = text.find('/');
  auto made = parse_values(text.substr(0, slash), kind, slash != std::string_view::npos);
  if (!made || slash == std::string_view::npos) return made;
  auto const step = number_of(text.substr(slash + 1));
  if (!step) return std::optional<item>();
  if (*step < 1 || *step > kind.most) return failure{fmt::format("invalid interval {}", text)};
  made->step = *step;
  return made;
}

class pattern_parser {
 public:
  explicit pattern_parser(cron_dialect dialect) : dialect_(dialect) {}

  outcome<cron_pattern> parse(std::string_view text);

 private:
  using refusal = std::optional<failure>;

  template <std::size_t Size>
  refusal plain(std::string_view text, field_kind const& kind, std::bitset<Size>& into);
  refusal days(std::string_view text);
  refusal week(std::string_view text);
  template <class Take, class Other>
  refusal each_item(std::string_view text, field_kind const& kind, Take take, Other other);
  bool special_day(std::string_view text);
  bool special_weekday(std::string_view text);

  cron_dialect dialect_;
  cron_pattern made_;
};

template <class Take, class Other>
pattern_parser::refusal pattern_parser::each_item(std::string_view text, field_kind const& kind,
                                                  Take take, Other other) {
  bool any = false;
  while (!text.empty()) {
    auto const one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (one.empty()) continue;
    any = true;
    auto const read = parse_item(one, kind);
    if (!read) return read.error();
    if (*read) {
      take(**read);
    } else if (dialect_ == cron_dialect::minutes || !other(one)) {
      return failure{fmt::format("syntax error in {} field: '{}'", kind.name, one)};
    }
  }
  if (!any) return failure{fmt::format("{} field: missing directive", kind.name)};
  return std::nullopt;
}

template <std::size_t Size>
void put(std::bitset<Size>& into, item const& values, int base) {
  for (int i = values.first; i <= values.last; i += values.step) {
    into.set(static_cast<std::size_t>(i - base));
  }
}

template <std::size_t Size>
pattern_parser::refusal pattern_parser::plain(std::string_view text, field_kind const& kind,
                                              std::bitset<Size>& into) {
  int const base = kind.least == 1970 ? 1970 : 0;
  return each_item(text, kind, [&](item const& values) { put(into, values, base); },
                   [](std::string_view) { return false; });
}

bool pattern_parser::special_day(std::string_view text) {
  if (text == "l") return made_.last_day = true;
  if (text == "lw") return made_.last_workday = true;
  if (!text.ends_with('w')) return false;
  auto const day = value_of(text.substr(0, text.size() - 1), day_field);
  if (day) made_.near_workdays.set(static_cast<std::size_t>(*day));
  return day.has_value();
}

bool pattern_parser::special_weekday(std::string_view text) {
  if (text.ends_with('l')) {
    auto const day = value_of(text.substr(0, text.size() - 1), weekday_field);
    if (day) made_.last_weekdays.set(static_cast<std::size_t>(*day));
    return day.has_value();
  }
  auto const hash = text.find('#');
  if (hash == std::string_view::npos) return false;
  auto const day = value_of(text.substr(0, hash), weekday_field);
  auto const nth = number_of(text.substr(hash + 1));
  if (!day || !nth || *nth < 1 || *nth > 5) return false;
  made_.nth_weekdays.set(static_cast<std::size_t>(7 * (*nth - 1) + *day));
  return true;
}

pattern_parser::refusal pattern_parser::days(std::string_view text) {
  made_.days_given = true;
  return each_item(
      text, day_field,
      [&](item const& values) {
        if (values.all) made_.days_given = false;
        put(made_.days, values, 0);
      },
      [&](std::string_view one) { return special_day(one); });
}

pattern_parser::refusal pattern_parser::week(std::string_view text) {
  made_.weekdays_given = true;
  return each_item(
      text, weekday_field,
      [&](item const& values) {
        if (values.all) made_.weekdays_given = false;
        put(made_.weekdays, values, 0);
      },
      [&](std::string_view one) { return special_weekday(one); });
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view blanks = " \t\r\n\f\v";
  for (auto at = text.find_first_not_of(blanks); at != std::string_view::npos;
       at = text.find_first_not_of(blanks, at)) {
    auto const end = std::min(text.find_first_of(blanks, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

outcome<cron_pattern> pattern_parser::parse(std::string_view text) {
  auto words = words_of(text);
  bool const seconds = dialect_ == cron_dialect::seconds;
  if (words.size() < 5) return failure{"missing field(s)"};
  if (!seconds && words.size() > 5) {
    return failure{fmt::format("expected 5 fields, found {}", words.size())};
  }
  bool const has_seconds = seconds && words.size() >= 7;
  if (!has_seconds) words.insert(words.begin(), seconds ? "0" : "*");
  if (words.size() < 7) words.push_back("*");
  refusal why = plain(words[0], second_field, made_.seconds);
  if (!why) why = plain(words[1], minute_field, made_.minutes);
  if (!why) why = plain(words[2], hour_field, made_.hours);
  if (!why) why = days(words[3]);
  if (!why) why = plain(words[4], month_field, made_.months);
  if (!why) why = week(words[5]);
  if (!why) why = plain(words[6], year_field, made_.years);
  if (why) return *why;
  return made_;
}

struct shorthand {
  std::string_view name;
  std::string_view pattern;
};
constexpr std::array<shorthand, 6> shorthands{{{"@yearly", "0 0 0 1 1 * *"},
                                               {"@annually", "0 0 0 1 1 * *"},
                                               {"@monthly", "0 0 0 1 * * *"},
                                               {"@weekly", "0 0 0 * * 0 *"},
                                               {"@daily", "0 0 0 * * * *"},
                                               {"@hourly", "0 0 * * * * *"}}};

}  // namespace

outcome<cron_pattern> parse_cron(std::string_view text, cron_dialect dialect) {
  std::string pattern(text);
  if (dialect == cron_dialect::seconds) {
    for (auto const& each : shorthands) {
      if (auto const at = pattern.find(each.name); at != std::string::npos) {
        pattern.replace(at, each.name.size(), each.pattern);
      }
    }
  }
  for (char& c : pattern) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return pattern_parser(dialect).parse(pattern);
}

}  // namespace corunner::config
