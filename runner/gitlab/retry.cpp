#include "runner/gitlab/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace corunner::gitlab {

namespace {

using namespace std::chrono;

// So long GitLab itself waits for a silent job.
constexpr std::int64_t longest_pause = 3600;  // seconds
constexpr std::array retriable{408, 429, 500, 502, 503, 504};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> week_days{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};

// Takes numbers and fixed texts off the front; any that does not fit makes it bad for good.
class scanner {
 public:
  explicit scanner(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    if (rest_.size() < digits) return fail();
    auto const part = rest_.substr(0, digits);
    int value = 0;
    auto const [end, ec] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (ec != std::errc() || end != part.data() + part.size() || value < 0) return fail();
    rest_.remove_prefix(digits);
    return value;
  }

  bool accept(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  void expect(std::string_view text) {
    if (!accept(text)) fail();
  }

  std::string_view take(std::size_t length) {
    auto const part = rest_.substr(0, length);
    rest_.remove_prefix(part.size());
    return part;
  }

  // The digits behind a decimal point, as parts of a second; those past a nanosecond do not count.
  nanoseconds fraction() {
    nanoseconds value{};
    auto unit = 100'000'000ns;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      value += (rest_.front() - '0') * unit;
      unit /= 10;
      rest_.remove_prefix(1);
    }
    return value;
  }

  bool done() const { return good_ && rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

std::optional<net::time_source::wall_time> moment(year_month_day date, seconds of_day) {
  if (!date.ok() || of_day < 0s || of_day > 24h) return std::nullopt;
  // Nanoseconds reach no further: "never", as people write it.
  constexpr year last{2261};
  if (date.year() > last) date = last / December / 31;
  return time_point_cast<net::time_source::wall_time::duration>(sys_days(date) + of_day);
}

seconds clock(scanner& in) {
  auto const hour = in.number(2);
  in.expect(":");
  auto const minute = in.number(2);
  in.expect(":");
  auto const second = in.number(2);
  return hours(hour) + minutes(minute) + seconds(second);
}

}  // namespace

bool is_retriable(int status) {
  return status >= 512 || std::ranges::find(retriable, status) != retriable.end();
}

bool did_nothing(int status) { return status == 429 || status == 503; }

retry_pause pause_before_retry(net::http_fields const& answer, net::time_source::wall_time now,
                               net::back_off& pauses) {
  if (auto const reset = parse_http_date(answer.get("RateLimit-ResetTime"))) {
    auto const left = ceil<milliseconds>(*reset - now);
    if (left > 0ms) return {std::min<milliseconds>(left, seconds(longest_pause)), {}};
  }
  auto const after = answer.get("Retry-After");
  std::int64_t value = 0;
  auto const [end, ec] = std::from_chars(after.data(), after.data() + after.size(), value);
  bool const whole = ec == std::errc() && end == after.data() + after.size();
  if (whole && value > 0) return {seconds(std::min(value, longest_pause)), {}};
  return {pauses.next(), std::string(whole ? "" : after)};
}

std::optional<net::time_source::wall_time> parse_http_date(std::string_view text) {
  scanner in(text);
  in.take(3);
  in.expect(", ");
  auto const day_of_month = static_cast<unsigned>(in.number(2));
  in.expect(" ");
  auto const* const name = std::ranges::find(months, in.take(3));
  auto const month_of_year = static_cast<unsigned>(name - months.begin()) + 1;
  in.expect(" ");
  auto const year_number = in.number(4);
  in.expect(" ");
  auto const time_of_day = clock(in);
  in.expect(" GMT");
  if (!in.done()) return std::nullopt;
  return moment(year(year_number) / month(month_of_year) / day(day_of_month), time_of_day);
}

std::string http_date(net::time_source::wall_time when) {
  auto const date = floor<days>(when);
  year_month_day const parts(date);
  hh_mm_ss const time(floor<seconds>(when) - date);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     week_days[weekday(date).c_encoding()], static_cast<unsigned>(parts.day()),
                     months[static_cast<unsigned>(parts.month()) - 1],
                     static_cast<int>(parts.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::optional<net::time_source::wall_time> parse_iso_time(std::string_view text) {
  scanner in(text);
  auto const year_number = in.number(4);
  in.expect("-");
  auto const month_of_year = static_cast<unsigned>(in.number(2));
  in.expect("-");
  auto const day_of_month = static_cast<unsigned>(in.number(2));
  in.expect("T");
  auto const time_of_day = clock(in);
  auto const fraction = in.accept(".") ? in.fraction() : 0ns;
  seconds offset{};
  if (!in.accept("Z")) {
    bool const ahead = in.accept("+");
    if (!ahead) in.expect("-");
    auto const offset_hours = in.number(2);
    in.expect(":");
    offset = hours(offset_hours) + minutes(in.number(2));
    if (!ahead) offset = -offset;
  }
  if (!in.done()) return std::nullopt;
  auto const local = moment(year(year_number) / month(month_of_year) / day(day_of_month),
                            time_of_day);
  if (!local) return std::nullopt;
  return *local - offset + fraction;
}

}  // namespace corunner::gitlab
