#include "runner/coordinator/times.hpp"

#include <fmt/format.h>

#include <ctime>

namespace corunner::coordinator {

std::int64_t wall_milliseconds(net::time_source const& time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.wall_now().time_since_epoch())
      .count();
}

net::time_source::wall_time to_wall(std::int64_t milliseconds) {
  return net::time_source::wall_time(
      std::chrono::duration_cast<net::time_source::wall_time::duration>(
          std::chrono::milliseconds(milliseconds)));
}

std::optional<net::time_source::wall_time> to_wall(std::optional<std::int64_t> milliseconds) {
  if (!milliseconds) return std::nullopt;
  return to_wall(*milliseconds);
}

std::string iso_time(std::int64_t milliseconds) {
  using namespace std::chrono;
  sys_time<std::chrono::milliseconds> const when{std::chrono::milliseconds(milliseconds)};
  auto const day = floor<days>(when);
  year_month_day const date(day);
  hh_mm_ss const clock(when - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

boost::json::value json_time(std::optional<std::int64_t> milliseconds) {
  if (!milliseconds) return nullptr;
  return boost::json::value(iso_time(*milliseconds));
}

std::optional<std::int64_t> parse_http_time(std::string const& text) {
  std::tm parts{};
  char const* const rest = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (!rest || *rest != '\0') return std::nullopt;
  return static_cast<std::int64_t>(timegm(&parts)) * 1000;
}

}  // namespace corunner::coordinator
