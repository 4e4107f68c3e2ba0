#include "test/simulation/coverage.hpp"

#include <fmt/format.h>

namespace corunner::simulation {

namespace {

constexpr auto all = static_cast<std::size_t>(fault::count);

constexpr std::array<std::string_view, all> names{
    "server: 500, 502, 503 or 429",
    "server: connection ended before the request was read",
    "server: answer lost, request done",
    "server: answer takes seconds",
    "server: 416 for a good patch",
    "server: 202 for a final update",
    "network: connection reset in the middle",
    "network: bytes in small pieces",
    "server away: connections refused",
    "server away: requests never answered",
    "server away: connections never made",
    "server away for good",
    "server: job given out again that nobody accepted",
    "server: job ended that nobody speaks of",
    "person: job cancelled gracefully",
    "person: job cancelled at once",
    "person: config.toml edited",
    "process: killed",
    "process: killed with jobs",
    "power lost",
    "power lost with jobs",
    "power lost: a file is not there",
    "power lost: a file is shorter",
    "power lost: a file has a hole",
    "power lost: a removed file is back",
    "power lost: newer bytes kept, older ones lost",
    "power lost: the record of a job that runs is damaged",
    "power lost: the log of a job that runs is damaged",
    "disk full",
    "disk full for good",
    "disk full: write refused",
    "disk full: file refused",
    "signal: SIGQUIT",
    "signal: SIGTERM",
    "signal: SIGINT",
    "signal: a second one after SIGQUIT",
    "signal: a second one after SIGTERM or SIGINT",
    "shutdown timed out",
    "killed or without power while it stops",
};

}  // namespace

std::string_view name(fault what) { return names[static_cast<std::size_t>(what)]; }

void coverage::add(fault_counts const& of_one_world) {
  for (std::size_t i = 0; i < all; ++i) {
    auto const times = of_one_world.of(static_cast<fault>(i));
    rows_[i].times += times;
    if (times > 0) ++rows_[i].worlds;
  }
}

void coverage::add(coverage const& of_other_worlds) {
  for (std::size_t i = 0; i < all; ++i) {
    rows_[i].times += of_other_worlds.rows_[i].times;
    rows_[i].worlds += of_other_worlds.rows_[i].worlds;
  }
}

std::string coverage::table() const {
  std::string out = fmt::format("{:<56}{:>12}{:>10}\n", "fault", "times", "seeds");
  for (std::size_t i = 0; i < all; ++i) {
    out += fmt::format("{:<56}{:>12}{:>10}\n", names[i], rows_[i].times, rows_[i].worlds);
  }
  return out;
}

std::vector<fault> coverage::missing() const {
  std::vector<fault> out;
  for (std::size_t i = 0; i < all; ++i) {
    if (rows_[i].times == 0) out.push_back(static_cast<fault>(i));
  }
  return out;
}

}  // namespace corunner::simulation
