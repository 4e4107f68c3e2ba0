#include "config/cron.hpp"

#include <algorithm>

namespace corunner::config {

namespace {

constexpr std::int64_t ten_years = std::int64_t{3653} * 86'400;

template <std::size_t Size>
bool has(std::bitset<Size> const& set, int value) {
  return value >= 0 && static_cast<std::size_t>(value) < Size &&
         set[static_cast<std::size_t>(value)];
}

int weekday_on(civil_time const& when, int day) { return (when.weekday + 35 + day - when.day) % 7; }

// The working day nearest to `day`, in the same month.
int near_workday(civil_time const& when, int day) {
  auto const last = days_in_month(when.year, when.month);
  switch (weekday_on(when, day)) {
    case 6: return day > 1 ? day - 1 : day + 2;
    case 0: return day < last ? day + 1 : day - 2;
    default: return day;
  }
}

int last_workday(civil_time const& when) {
  auto const last = days_in_month(when.year, when.month);
  auto const weekday = weekday_on(when, last);
  return weekday == 6 ? last - 1 : weekday == 0 ? last - 2 : last;
}

bool matches_month_day(cron_pattern const& what, civil_time const& when) {
  auto const last = days_in_month(when.year, when.month);
  if (has(what.days, when.day)) return true;
  if (what.last_day && when.day == last) return true;
  if (what.last_workday && when.day == last_workday(when)) return true;
  for (int day = 1; what.near_workdays.any() && day <= last; ++day) {
    if (has(what.near_workdays, day) && near_workday(when, day) == when.day) return true;
  }
  return false;
}

bool matches_weekday(cron_pattern const& what, civil_time const& when) {
  if (has(what.weekdays, when.weekday)) return true;
  if (has(what.last_weekdays, when.weekday)) {
    if (when.day + 7 > days_in_month(when.year, when.month)) return true;
  }
  return has(what.nth_weekdays, 7 * ((when.day - 1) / 7) + when.weekday);
}

// Whether a pattern is the same all through the day, hour or minute of `when`: its answer, or
// nothing when it is not.
std::optional<bool> day_state(cron_pattern const& what, civil_time const& when) {
  if (!what.matches_day(when)) return false;
  if (what.hours.all() && what.minutes.all() && what.seconds.all()) return true;
  return std::nullopt;
}

std::optional<bool> hour_state(cron_pattern const& what, civil_time const& when) {
  if (!what.matches_day(when) || !has(what.hours, when.hour)) return false;
  if (what.minutes.all() && what.seconds.all()) return true;
  return std::nullopt;
}

std::optional<bool> minute_state(cron_pattern const& what, civil_time const& when) {
  if (!what.matches_day(when) || !has(what.hours, when.hour) || !has(what.minutes, when.minute)) {
    return false;
  }
  if (what.seconds.all()) return true;
  return std::nullopt;
}

std::optional<bool> second_state(cron_pattern const& what, civil_time const& when) {
  return what.matches(when);
}

// The same for patterns of which any may match.
std::optional<bool> joint_state(std::span<cron_pattern const> all, civil_time const& when,
                                std::optional<bool> (*state)(cron_pattern const&,
                                                             civil_time const&)) {
  bool all_out = true;
  for (cron_pattern const& each : all) {
    auto const one = state(each, when);
    if (one == true) return true;
    all_out = all_out && one == false;
  }
  return all_out ? std::optional<bool>(false) : std::nullopt;
}

}  // namespace

bool cron_pattern::matches_day(civil_time const& when) const {
  if (!has(years, when.year - 1970) || !has(months, when.month)) return false;
  if (!days_given && !weekdays_given) return true;
  return (days_given && matches_month_day(*this, when)) ||
         (weekdays_given && matches_weekday(*this, when));
}

bool cron_pattern::matches(civil_time const& when) const {
  return matches_day(when) && has(hours, when.hour) && has(minutes, when.minute) &&
         has(seconds, when.second);
}

outcome<time_periods> time_periods::compile(std::span<std::string const> patterns,
                                            std::string_view zone, cron_dialect dialect,
                                            zone_files const& files) {
  time_periods made;
  made.dialect_ = dialect;
  for (auto const& each : patterns) {
    auto pattern = parse_cron(each, dialect);
    if (!pattern) return pattern.error();
    made.patterns_.push_back(*std::move(pattern));
  }
  auto found = time_zone::load(zone, files);
  if (!found) return found.error();
  made.zone_ = std::make_shared<time_zone const>(*std::move(found));
  return made;
}

// In the dialect of seconds the question is about the second to come.
std::int64_t time_periods::asked_second(time_point now) const {
  auto const second = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return second + (dialect_ == cron_dialect::seconds ? 1 : 0);
}

time_periods::stretch time_periods::stretch_at(std::int64_t second) const {
  auto const offset = zone_->offset_at(second);
  auto const when = civil_of(second + offset.seconds);
  struct level {
    std::optional<bool> (*state)(cron_pattern const&, civil_time const&);
    int left;  // seconds to its end on the wall clock
  };
  int const of_minute = 60 - when.second;
  int const of_hour = (59 - when.minute) * 60 + of_minute;
  for (level const& each : {level{day_state, (23 - when.hour) * 3600 + of_hour},
                            level{hour_state, of_hour}, level{minute_state, of_minute}}) {
    auto const state = joint_state(patterns_, when, each.state);
    // The clock may be put forward or back before.
    if (state) return {*state, std::min<std::int64_t>(each.left, offset.until - second)};
  }
  return {joint_state(patterns_, when, second_state).value_or(false), 1};
}

bool time_periods::contains(time_point now) const { return stretch_at(asked_second(now)).matches; }

std::optional<time_periods::time_point> time_periods::next_change(time_point now) const {
  auto const begin = asked_second(now);
  auto const first = stretch_at(begin);
  for (auto at = begin + first.length; at < begin + ten_years;) {
    auto const here = stretch_at(at);
    if (here.matches != first.matches) {
      return time_point(std::chrono::seconds(at - (dialect_ == cron_dialect::seconds ? 1 : 0)));
    }
    at += here.length;
  }
  return std::nullopt;
}

}  // namespace corunner::config
