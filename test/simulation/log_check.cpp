#include "test/simulation/log_check.hpp"

#include "runner/command/live_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace corunner::simulation {

namespace {

constexpr std::string_view gap = "bytes of this log could not be stored";
constexpr std::string_view lost = "the last part of this log may be missing";
constexpr std::string_view restarted = "the runner was restarted while the job ran";

}  // namespace

bool tells_of_restart(gitlab_world::job const& job) {
  return job.log.find(restarted) != std::string::npos;
}

std::string check_log(std::int64_t id, gitlab_world::job const& job, log_expectation expected) {
  if (job.log.find('\0') != std::string::npos) return "its log has a hole";
  live_log view({.prefix = "", .colours = false});
  std::istringstream lines(view.feed(job.log) + view.finish());
  auto const mine = fmt::format("job {} ", id);
  auto const& printed = job.what.printed;
  auto place = printed.begin();
  bool gaps = false;
  bool end_lost = false;
  std::string torn;  // a line that must be the last one before the end was lost
  for (std::string line; std::getline(lines, line);) {
    bool const says_lost = line.find(lost) != std::string::npos;
    bool const says_end = says_lost || line.find(restarted) != std::string::npos;
    if (!torn.empty() && !says_end) return "it printed '" + torn + "'";
    torn.clear();
    end_lost |= says_lost;
    gaps |= line.find(gap) != std::string::npos;
    if (!line.starts_with(mine)) continue;
    auto const found = gaps ? std::find(place, printed.end(), line) : place;
    if (found != printed.end() && *found == line) {
      place = found + 1;
    } else if (expected.may_lack_end && place != printed.end() && place->starts_with(line)) {
      torn = line;
    } else {
      return fmt::format("it printed line {} as '{}'", place - printed.begin(), line);
    }
  }
  if (!torn.empty()) return "it printed '" + torn + "'";
  if (gaps && !expected.may_have_gaps) return "its log has a gap";
  if (end_lost && !expected.may_lack_end) return "its log has lost its end";
  if (expected.whole && place != printed.end() && !gaps && !end_lost) {
    return fmt::format("{} of {} lines arrived", place - printed.begin(), printed.size());
  }
  return "";
}

}  // namespace corunner::simulation
