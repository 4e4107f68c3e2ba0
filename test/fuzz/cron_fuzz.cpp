// Feeds arbitrary patterns, instants and zone files to the cron periods.
//
// Beyond not crashing: the answer is one thing up to the change that is told and the other from
// there.
#include "config/cron.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

using namespace corunner::config;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(std::string const& pattern, std::string_view zone, cron_dialect dialect,
           zone_files const& files, time_periods::time_point now) {
  std::array const patterns{pattern};
  auto const periods = time_periods::compile(patterns, zone, dialect, files);
  if (!periods) {
    require(!periods.error().message.empty());
    return;
  }
  auto const change = periods->next_change(now);
  if (!change) return;
  using namespace std::chrono_literals;
  require(*change > now);
  require(periods->contains(*change - 1ns) == periods->contains(now));
  require(periods->contains(*change) != periods->contains(now));
}

}  // namespace

// The first byte chooses the dialect, four more are the instant; a line with the pattern; a zone
// file.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 5) return 0;
  std::uint32_t seconds = 0;
  std::memcpy(&seconds, data + 1, sizeof(seconds));
  std::string_view const rest(reinterpret_cast<char const*>(data) + 5, size - 5);
  auto const end = std::min(rest.find('\n'), rest.size());
  std::string const zone(rest.substr(std::min(end + 1, rest.size())));
  zone_files const files{[](std::string_view) { return std::nullopt; },
                         [&](std::filesystem::path const&) { return std::optional(zone); }};
  auto const dialect = data[0] % 2 == 0 ? cron_dialect::seconds : cron_dialect::minutes;
  time_periods::time_point const now{std::chrono::seconds(seconds)};
  check(std::string(rest.substr(0, end)), zone.empty() ? "UTC" : "Europe/Berlin", dialect, files,
        now);
  return 0;
}
